package io.scrimplb.membership.bench;

import io.scrimplb.membership.bench.Network.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How long a cluster of one size takes to see what happens to its members: until the last of those concerned saw it. */
final class Detection {
    /** What can be caused, in this order. */
    static final Set<String> EVENTS = Collections.unmodifiableSet(
            new LinkedHashSet<>(List.of("leave", "kill", "hang", "partition", "coordinators")));

    /** Between two events, for the connections that the last one broke to be there again; s. */
    private static final int REST_SECONDS = 2;

    private static final Place[] BUT_SINGLE = {Place.LB1, Place.LB2, Place.CROWD};
    private static final Place[] EAST = {Place.LB2, Place.SINGLE};
    private static final Place[] WEST = {Place.LB1, Place.CROWD};

    private final Network network;
    private final int size;
    private final Setting setting;
    private final Map<String, List<Double>> times = new LinkedHashMap<>();
    private final Set<String> failed = new LinkedHashSet<>();
    private Cluster cluster;

    private Detection(Network network, int size, Setting setting) {
        this.network = network;
        this.size = size;
        this.setting = setting;
        this.cluster = new Cluster(network, size, setting);
    }

    /** A table. */
    static String table(Network network, int size, Setting setting) throws Exception {
        Detection detection = new Detection(network, size, setting);
        try {
            detection.cluster.form();
            for (int i = 1; i <= setting.times(); i++) {
                detection.attempt("leave", detection::leave);
                detection.attempt("kill", detection::kill);
                detection.attempt("hang", detection::hang);
                detection.attempt("partition", detection::partition);
                detection.attempt("coordinators", detection::coordinators);
                Progress.say("%d members: round %d of %d", size, i, setting.times());
            }
            return detection.rows();
        } finally {
            detection.cluster.close();
        }
    }

    private interface Deed {
        void run() throws Exception;
    }

    /** What failed once is told, and not tried again; the others go on in a new cluster. */
    private void attempt(String what, Deed deed) throws Exception {
        boolean possible = network.separate() || !what.equals("partition");
        if (!possible || !setting.events().contains(what)) {
            return;
        }
        if (failed.stream().anyMatch(failure -> failure.startsWith(what + ": "))) {
            return;
        }
        TimeUnit.SECONDS.sleep(REST_SECONDS);
        try {
            deed.run();
        } catch (IllegalStateException e) {
            Progress.say("  %s: %s", what, e.getMessage());
            failed.add(what + ": " + e.getMessage());
            cluster.close();
            if (network.separate()) {
                network.cut(false);
            }
            cluster = new Cluster(network, size, setting);
            cluster.form();
        }
    }

    private void leave() throws Exception {
        String name = cluster.at(Place.SINGLE).get(0);
        long started = System.nanoTime();
        cluster.process(Place.SINGLE).order("leave " + name);
        seen("clean leave of a backend", started, cluster.awaitOneView(cluster.at(BUT_SINGLE)));
        again(Place.SINGLE);
    }

    private void kill() throws Exception {
        long started = System.nanoTime();
        cluster.process(Place.SINGLE).kill();
        seen("backend: kill -9", started, cluster.awaitOneView(cluster.at(BUT_SINGLE)));
        again(Place.SINGLE);
    }

    private void hang() throws Exception {
        long started = System.nanoTime();
        cluster.process(Place.SINGLE).signal("STOP");
        seen("backend: SIGSTOP", started, cluster.awaitOneView(cluster.at(BUT_SINGLE)));
        long resumed = System.nanoTime();
        cluster.process(Place.SINGLE).signal("CONT");
        seen("backend: SIGCONT to one view again", resumed, cluster.awaitWhole());
    }

    private void partition() throws Exception {
        long started = System.nanoTime();
        cluster.network().cut(true);
        long west = cluster.awaitOneView(cluster.at(WEST));
        long east = cluster.awaitOneView(cluster.at(EAST));
        seen("partition, a load balancer on each side", started, Math.max(west, east));
        long healed = System.nanoTime();
        cluster.network().cut(false);
        seen("partition healed to one view", healed, cluster.awaitWhole());
    }

    private void coordinators() throws Exception {
        Place first = cluster.coordinatorSeenFrom(Place.SINGLE);
        seen("coordinator: kill -9, the other load balancer leads", killed(first), cluster.awaitWhole());
        Place second = cluster.coordinatorSeenFrom(Place.SINGLE);
        if (first == second) {
            throw new IllegalStateException(second + " leads, which was killed");
        }
        seen("the next one: kill -9, a backend leads", killed(second), cluster.awaitWhole());
        cluster.host(first).awaitReady();
        cluster.host(second).awaitReady();
        long started = System.nanoTime();
        cluster.enter(first);
        cluster.enter(second);
        seen("both load balancers started again, one leads", started, cluster.awaitWhole());
    }

    private long killed(Place place) {
        cluster.drop(place);
        long started = System.nanoTime();
        cluster.process(place).kill();
        return started;
    }

    private void again(Place place) throws Exception {
        cluster.restart(place);
        cluster.awaitWhole();
    }

    private void seen(String what, long fromNanos, long toNanos) {
        double millis = Cluster.millis(fromNanos, toNanos);
        Progress.say("  %s: %.0f ms", what, millis);
        times.computeIfAbsent(what, w -> new ArrayList<>()).add(millis);
    }

    private String rows() {
        StringBuilder table = new StringBuilder(
                "| What happens, of " + size + " members | median, ms | worst, ms | times |\n|---|---|---|---|\n");
        times.forEach((what, millis) -> {
            double[] sorted =
                    millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | %d |%n",
                    what,
                    (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2,
                    Arrays.stream(sorted).max().orElseThrow(),
                    sorted.length));
        });
        failed.forEach(failure -> table.append("\nFailed: ").append(failure).append('\n'));
        return table.toString();
    }
}
