package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.HostPort;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.MemberAddress;
import io.scrimplb.membership.transport.Reach;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Bits;
import org.jgroups.util.ByteArray;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the others through the seeds, and through load balancers that were in the view before, for the case that the
 * seeds cannot be read just when they are needed. A backend that found no coordinator keeps looking for ever instead
 * of founding a cluster of its own, which nobody would route to; so does a load balancer whose seeds lead to members
 * that it cannot join, such as those with another secret.
 */
final class SeedDiscovery extends Discovery {
    /** Thrown out of a join that was given up because this member closes. */
    static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1;

        GivenUp() {
            super("closed while joining", null, false, false);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SeedDiscovery.class);
    /** Time for an answer to a search, ms. */
    private static final long SEARCH_MILLIS = 400;
    /** Pause after the first fruitless search of a backend, ms; grows to the longest. */
    private static final long PAUSE_MILLIS = 200;

    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    /** How often a starting load balancer looks whether it may found a cluster, ms. */
    private static final long STEP_MILLIS = 20;
    /** Time a starting load balancer gives the addresses of its seeds to take a connection, before it founds. */
    private static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    /** Time it gives one that took the connection to say who it is, and a member to say who leads. */
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** Load balancers that are remembered after they left, and for how long. */
    private static final int MAX_REMEMBERED = 16;

    private static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);
    /** Least bytes of one entry of a discovery answer. */
    private static final int MIN_PING_DATA_BYTES = 4;

    private final Role role;
    private final Supplier<SeedReading> seeds;
    private final Function<InetSocketAddress, Reach> reach;
    private final SeedDoubts doubts;
    private final Semaphore wake = new Semaphore(0);
    private final Map<IpAddress, Long> remembered = new LinkedHashMap<>();
    private volatile boolean givenUp;
    private @Nullable String said;

    /**
     * @param seeds as they were last read
     * @param reach what came of the last attempt to reach an address
     */
    SeedDiscovery(Role role, Supplier<SeedReading> seeds, Function<InetSocketAddress, Reach> reach, SeedDoubts doubts) {
        this.role = role;
        this.seeds = seeds;
        this.reach = reach;
        this.doubts = doubts;
        setId(ClassConfigurator.getProtocolId(TCPPING.class));
        // Without it members do not learn each other's addresses.
        returnEntireCache(true);
    }

    /** Makes a join that is under way fail with {@link GivenUp}. */
    void giveUp() {
        givenUp = true;
        doubts.over();
        wake.release();
    }

    /** The seeds were read: look at once. */
    void seedsRead() {
        wake.release();
    }

    @Override
    public boolean isDynamic() {
        return false;
    }

    @Override
    public Object down(Event event) {
        if (event.getType() == Event.VIEW_CHANGE) {
            remember(event.arg());
        }
        return super.down(event);
    }

    @Override
    public Responses findMembers(@Nullable List<Address> members, boolean initial, boolean async, long timeout) {
        if (!initial) {
            return super.findMembers(members, initial, async, timeout);
        }
        // The time that is handed in is that for an answer to a join.
        long pause = PAUSE_MILLIS;
        long started = System.nanoTime();
        while (!givenUp) {
            if (role == Role.BACKEND) {
                sayWhere();
            }
            wake.drainPermits();
            Responses responses = super.findMembers(members, true, false, SEARCH_MILLIS);
            if (answered(responses, started)) {
                doubts.over();
                return responses;
            }
            responses.done();
            weedOutCompletedDiscoveryResponses();
            doubts.fruitless(seeds.get());
            pause(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 3 / 2);
        }
        throw new GivenUp();
    }

    /** Waits for a coordinator's answer; a load balancer no longer than there is something to wait for. */
    private boolean answered(Responses responses, long started) {
        if (role == Role.BACKEND) {
            responses.waitFor(SEARCH_MILLIS);
            return hasCoordinator(responses);
        }
        for (long waited = 0; waited < SEARCH_MILLIS && !givenUp; waited += STEP_MILLIS) {
            if (hasCoordinator(responses)) {
                return true;
            }
            if (responses.isEmpty() && mayFound(started)) {
                doubts.lonely(seeds.get());
                // Nobody is left to wait for, here and in the protocol above.
                responses.done();
                return true;
            }
            responses.waitFor(STEP_MILLIS);
        }
        // Others that have no cluster either: the protocol above settles who founds it.
        return !responses.isEmpty();
    }

    /**
     * Whether a load balancer that found nobody may found a cluster: not as long as an address may still answer, and
     * not at all when members answer that it cannot join.
     */
    private boolean mayFound(long started) {
        long waited = System.nanoTime() - started;
        for (IpAddress target : targets()) {
            Reach.Outcome outcome = reach(target).outcome();
            if (outcome.forbidsFounding()
                    || (outcome == Reach.Outcome.UNKNOWN && waited < CONNECT_NANOS)
                    || (outcome == Reach.Outcome.CONNECTED && waited < ANSWER_NANOS)
                    || (outcome == Reach.Outcome.MEMBER && waited < ANSWER_NANOS)) {
                return false;
            }
        }
        return true;
    }

    private Reach reach(IpAddress at) {
        return reach.apply(new InetSocketAddress(at.getIpAddress(), at.getPort()));
    }

    @Override
    protected void findMembers(@Nullable List<Address> members, boolean initial, Responses responses) {
        PhysicalAddress own = (PhysicalAddress) down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr));
        PingData data = new PingData(local_addr, false, NameCache.get(local_addr), own);
        if (members != null && members.size() <= max_members_in_discovery_request) {
            data.mbrs(members);
        }
        ByteArray payload = marshal(data);
        PingHeader header = new PingHeader(PingHeader.GET_MBRS_REQ)
                .clusterName(cluster_name)
                .initialDiscovery(initial);
        for (PhysicalAddress target : targets()) {
            if (target.equals(own)) {
                continue;
            }
            Message request = new BytesMessage(target)
                    .setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.OOB)
                    .setFlag(Message.TransientFlag.DONT_LOOPBACK)
                    .putHeader(id, header)
                    .setArray(payload);
            send(request);
        }
    }

    @Override
    protected @Nullable List<PingData> readPingData(byte @Nullable [] buffer, int offset, int length) {
        if (buffer == null || length < Integer.BYTES) {
            return null;
        }
        // Room for a list is made by this number, which a stranger chose.
        int entries = Bits.readInt(buffer, offset);
        return entries < 0 || entries > length / MIN_PING_DATA_BYTES
                ? null
                : super.readPingData(buffer, offset, length);
    }

    private void send(Message request) {
        try {
            down_prot.down(request);
        } catch (RuntimeException e) {
            LOG.debug("no discovery request to {}: {}", request.getDest(), e.getMessage());
        }
    }

    /** Where seeds, and load balancers, are or were lately. */
    Collection<IpAddress> targets() {
        Set<IpAddress> targets = new LinkedHashSet<>(seeds.get().addresses());
        long now = System.nanoTime();
        synchronized (remembered) {
            remembered.values().removeIf(seen -> now - seen > REMEMBERED_NANOS);
            targets.addAll(remembered.keySet());
        }
        return targets;
    }

    private void remember(View view) {
        List<IpAddress> loadBalancers = new ArrayList<>();
        for (Address address : view.getMembers()) {
            MemberAddress.decode(address)
                    .filter(member -> member.role() == Role.LOAD_BALANCER)
                    .map(Member::address)
                    .ifPresent(at -> loadBalancers.add(new IpAddress(at)));
        }
        long now = System.nanoTime();
        synchronized (remembered) {
            for (IpAddress address : loadBalancers) {
                remembered.remove(address);
                remembered.put(address, now);
            }
            Iterator<IpAddress> oldest = remembered.keySet().iterator();
            while (remembered.size() > MAX_REMEMBERED) {
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** One line when the places to look at change, not one for each attempt. */
    private void sayWhere() {
        SeedReading reading = seeds.get();
        Set<String> places = new LinkedHashSet<>(reading.places().keySet());
        List<IpAddress> named = reading.addresses();
        for (IpAddress target : targets()) {
            if (!named.contains(target)) {
                places.add(HostPort.of(new InetSocketAddress(target.getIpAddress(), target.getPort())));
            }
        }
        String line = places.isEmpty()
                ? "looking for a load balancer, but no seed names one yet"
                : "looking for a load balancer at " + String.join(", ", places);
        // Before the seeds were read nobody knows what they name.
        if ((reading.read() || !places.isEmpty()) && !line.equals(said)) {
            said = line;
            LOG.info(line);
        }
    }

    private void pause(long millis) {
        long jittered = millis * 3 / 4 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        try {
            boolean woken = wake.tryAcquire(jittered, TimeUnit.MILLISECONDS);
            LOG.trace("searching again, woken {}", woken);
        } catch (InterruptedException e) {
            givenUp = true;
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasCoordinator(Responses responses) {
        for (PingData found : responses) {
            if (found.isCoord()) {
                return true;
            }
        }
        return false;
    }
}
