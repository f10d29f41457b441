package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jgroups.stack.IpAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why a backend finds no cluster through its seeds, and says so: one line for each seed, and another one when
 * the cause changes. The seeds are tried on a thread of its own, so that the search goes on meanwhile.
 */
final class SeedDoubts {
    /** Why a seed leads nowhere; of several addresses of one seed the last of these says most. */
    enum Cause {
        NAME_UNKNOWN("its name is unknown; check the spelling, and the DNS of this machine"),
        REFUSED("connection refused; check that a load balancer runs there, and that this is its cluster port"),
        NO_ANSWER("no answer; check the address, and the firewalls on the way"),
        ITSELF("that is this backend itself; name the address and the cluster port of a load balancer"),
        NO_MEMBER("something answers there, but is not a load balancer of this cluster; check cluster-name and port");

        private final String text;

        Cause(String text) {
            this.text = text;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SeedDoubts.class);
    /** Fruitless searches before anything is said, about four seconds: a load balancer may be starting, too. */
    static final int PATIENCE_ROUNDS = 5;
    /** Searches until the seeds are tried again. */
    private static final int AGAIN_ROUNDS = 10;
    /** Addresses that are tried; a source that holds more has others to complain. */
    private static final int MAX_TRIED = 16;
    /** Time to connect, ms. */
    private static final int CONNECT_MILLIS = 1_000;

    private final String clusterName;
    private final InetSocketAddress own;
    private final Consumer<String> trouble;
    private final AtomicBoolean trying = new AtomicBoolean();
    private volatile boolean searching;
    /** On the searching thread only. */
    private int rounds;
    /** On the trying thread only, of which there is one at a time. */
    private final Map<String, Cause> told = new HashMap<>();

    /**
     * @param own where this member listens
     * @param trouble told what was logged
     */
    SeedDoubts(String clusterName, InetSocketAddress own, Consumer<String> trouble) {
        this.clusterName = clusterName;
        this.own = own;
        this.trouble = trouble;
    }

    /** A search found no load balancer. Returns at once. */
    void fruitless(SeedReading seeds) {
        if (!seeds.read()) {
            return;
        }
        searching = true;
        rounds++;
        boolean due = rounds >= PATIENCE_ROUNDS && (rounds - PATIENCE_ROUNDS) % AGAIN_ROUNDS == 0;
        if (due && trying.compareAndSet(false, true)) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            judge(seeds);
                        } finally {
                            trying.set(false);
                        }
                    },
                    "scrimp-seed-check");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The search found what it looked for, or ends without. */
    void over() {
        searching = false;
        rounds = 0;
    }

    private void judge(SeedReading seeds) {
        told.keySet().retainAll(seeds.places().keySet());
        int tried = 0;
        for (Map.Entry<String, List<IpAddress>> seed : seeds.places().entrySet()) {
            Cause cause = Cause.NAME_UNKNOWN;
            for (IpAddress address : seed.getValue()) {
                if (tried++ >= MAX_TRIED) {
                    return;
                }
                Cause found = cause(new InetSocketAddress(address.getIpAddress(), address.getPort()));
                cause = found.compareTo(cause) > 0 ? found : cause;
            }
            if (!searching) {
                return;
            }
            if (told.put(seed.getKey(), cause) != cause) {
                String message = "the cluster '" + clusterName + "' is not found at the seed " + seed.getKey() + ": "
                        + cause.text + "; still trying";
                LOG.warn(message);
                trouble.accept(message);
            }
        }
    }

    private Cause cause(InetSocketAddress place) {
        if (place.equals(own)) {
            return Cause.ITSELF;
        }
        try (Socket socket = new Socket()) {
            socket.connect(place, CONNECT_MILLIS);
            return Cause.NO_MEMBER;
        } catch (IOException e) {
            LOG.debug("trying the seed {}: {}", HostPort.of(place), e.getMessage());
            boolean refused = e instanceof ConnectException
                    && String.valueOf(e.getMessage()).contains("refused");
            return refused ? Cause.REFUSED : Cause.NO_ANSWER;
        }
    }
}
