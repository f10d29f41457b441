package io.scrimplb.membership.bench;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.bench.Network.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A running cluster: two load balancers and one backend in a process each, as the product has them, and the other
 * backends in one JVM. With two members there is one load balancer and one backend.
 */
final class Cluster implements AutoCloseable {
    /** Heap of the JVM with many members, MB: for itself, and for each member. */
    private static final int CROWD_MB = 128;

    private static final int CROWD_MEMBER_MB = 16;
    private static final int LOAD_BALANCER_PORT = 17_946;
    /** Longest wait for a view of all at the start, and for one after an event; s. */
    private static final int FORM_SECONDS = 120;

    private static final int SECONDS = 60;

    private final Network network;
    private final Setting setting;
    private final int size;
    private final Sight sight = new Sight();
    private final Map<Place, Host> hosts = new EnumMap<>(Place.class);
    private final Map<String, Place> members = new LinkedHashMap<>();
    private int generation;

    /**
     * @param size members, 2 or more
     */
    Cluster(Network network, int size, Setting setting) {
        this.network = network;
        this.size = size;
        this.setting = setting;
    }

    /** Options of the JVM with many members. */
    static List<String> crowdJvm(int size) {
        return List.of("-XX:+UseSerialGC", "-Xmx" + (CROWD_MB + size * CROWD_MEMBER_MB) + "m", "-Xss256k");
    }

    /**
     * Time to one view on all members, ms.
     *
     * @param sinceOrder since all of them were told to start, in JVMs that run but have loaded nothing yet
     * @param sinceFounded since the first of them saw its first view
     * @param views how many views a load balancer saw on the way
     */
    record Formed(double sinceOrder, double sinceFounded, int views) {}

    /** Starts all JVMs, then all members at one instant. */
    Formed form() throws Exception {
        List<Place> places = new ArrayList<>(List.of(Place.LB1, Place.SINGLE));
        if (size >= 3) {
            places.add(Place.LB2);
        }
        if (size >= 4) {
            places.add(Place.CROWD);
        }
        for (Place place : places) {
            host(place);
        }
        for (Host host : hosts.values()) {
            host.awaitReady();
        }
        long started = System.nanoTime();
        for (Place place : places) {
            for (int i = 0; i < (place == Place.CROWD ? size - 3 : 1); i++) {
                enter(place);
            }
        }
        long whole = awaitOneView(members.keySet().stream().toList(), FORM_SECONDS);
        return new Formed(
                millis(started, whole),
                millis(sight.firstNanos(), whole),
                sight.changes(at(Place.LB1).get(0)));
    }

    /** Starts the JVM of a place. */
    Host host(Place place) throws IOException {
        Host host = new Host(network.prefix(place), place == Place.CROWD ? crowdJvm(size) : setting.singleJvm(), sight);
        hosts.put(place, host);
        if (!setting.secret().isEmpty()) {
            host.order("secret " + setting.secret());
        }
        return host;
    }

    /** Starts one more member at a place, with a name it never had. */
    String enter(Place place) {
        Role role = lb(place) ? Role.LOAD_BALANCER : Role.BACKEND;
        String name = place.name().toLowerCase(java.util.Locale.ROOT) + "-" + generation++;
        members.put(name, place);
        String at = network.address(place);
        String seeds = network.address(Place.LB1) + ":" + port(Place.LB1) + "," + network.address(Place.LB2) + ":"
                + port(Place.LB2);
        hosts.get(place).order(String.join(" ", "start", role.name(), name, at, "" + port(place), seeds));
        return name;
    }

    private static boolean lb(Place place) {
        return place == Place.LB1 || place == Place.LB2;
    }

    private static int port(Place place) {
        return lb(place) ? LOAD_BALANCER_PORT + place.ordinal() : 0;
    }

    /** Restarts what was killed, or left, at a place. */
    void restart(Place place) throws Exception {
        hosts.get(place).kill();
        drop(place);
        host(place).awaitReady();
        enter(place);
    }

    /** Waits for one view of all, led by a load balancer as long as one lives. */
    long awaitWhole() {
        return awaitOneView(members.keySet().stream().toList(), SECONDS);
    }

    /** As {@link #awaitWhole}, of some members only, which expect to see nobody else. */
    long awaitOneView(List<String> names) {
        return awaitOneView(names, SECONDS);
    }

    private long awaitOneView(List<String> names, int seconds) {
        boolean load = names.stream().anyMatch(name -> lb(members.get(name)));
        return sight.awaitOneView(names, leader -> !load || lb(members.get(leader)), seconds);
    }

    /** No longer expects the members of a place. */
    void drop(Place place) {
        members.entrySet().removeIf(member -> {
            boolean gone = member.getValue() == place;
            if (gone) {
                sight.forget(member.getKey());
            }
            return gone;
        });
    }

    /** Names of the members at some places. */
    List<String> at(Place... places) {
        return members.keySet().stream()
                .filter(name -> List.of(places).contains(members.get(name)))
                .toList();
    }

    /** Where the coordinator is, as the members of the place see it. */
    Place coordinatorSeenFrom(Place place) {
        return members.get(sight.coordinator(at(place).get(0)));
    }

    Host process(Place place) {
        return hosts.get(place);
    }

    Network network() {
        return network;
    }

    boolean has(Place place) {
        return hosts.containsKey(place);
    }

    static double millis(long fromNanos, long toNanos) {
        return (toNanos - fromNanos) / 1e6;
    }

    @Override
    public void close() {
        hosts.values().forEach(Host::close);
        hosts.clear();
    }
}
