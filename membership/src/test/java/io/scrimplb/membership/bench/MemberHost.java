package io.scrimplb.membership.bench;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.jgroups.JGroupsMembership;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A process with one member or many. It takes orders from its standard input, one a line, and tells every change of
 * every view on its standard output. It ends with its input, so that nothing is left when the bench dies.
 *
 * <pre>
 * secret TEXT                         members started from here on prove themselves with it
 * start ROLE NAME ADDRESS PORT SEEDS  SEEDS: HOST:PORT,…
 * leave NAME
 * </pre>
 */
final class MemberHost {
    private static final String CLUSTER = "bench";

    private final Map<String, Membership> members = new ConcurrentHashMap<>();
    private final PrintStream out;
    private String secret = "";

    private MemberHost(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        MemberHost host = new MemberHost(new PrintStream(System.out, false, StandardCharsets.UTF_8));
        host.say("ready");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                host.obey(line.split(" "));
            }
        } finally {
            // No goodbyes: whoever wants them says so before.
            Runtime.getRuntime().halt(0);
        }
    }

    private void obey(String[] order) {
        switch (order[0]) {
            case "secret" -> secret = order[1];
            case "start" -> inBackground(() -> start(order));
            case "leave" -> inBackground(() -> members.remove(order[1]).close());
            default -> throw new IllegalArgumentException(String.join(" ", order));
        }
    }

    private interface Deed {
        void run() throws Exception;
    }

    private void inBackground(Deed deed) {
        Thread thread = new Thread(() -> {
            try {
                deed.run();
            } catch (Exception e) {
                say("failed " + e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void start(String[] order) throws Exception {
        Role role = Role.valueOf(order[1]);
        String name = order[2];
        MembershipSpec spec = new MembershipSpec(
                CLUSTER, role, name, InetAddress.getByName(order[3]), Integer.parseInt(order[4]), 0, null, 0);
        List<Seed> seeds =
                Arrays.stream(order[5].split(",")).map(s -> Seed.parse(s, 0)).toList();
        Credentials credentials = secret.isEmpty() ? null : Credentials.of(ClusterSecret.parse(secret, false), null);
        Membership member = JGroupsMembership.start(spec, credentials, new FixedSeeds(seeds), new Teller(name));
        members.put(name, member);
        if (role == Role.BACKEND) {
            member.announce(announcement(name));
        }
    }

    /** As large as a real one: a site with two names and an API. */
    private static Announcement announcement(String name) {
        return new Announcement(
                1, null, List.of(application(name + "-web", "/", 8080), application(name + "-api", "/api", 8081)));
    }

    private static Application application(String name, String path, int port) {
        return new Application(
                name,
                List.of(name + ".example.com", "www." + name + ".example.com"),
                List.of(path),
                443,
                port,
                ApplicationProtocol.HTTP,
                "1.4.2",
                100,
                null,
                ApplicationOptions.NONE);
    }

    private void say(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    /** {@code view NANOS OBSERVER COORDINATOR +NAME … -NAME …}; the clock is the machine's monotonic one. */
    private final class Teller implements MembershipEvents {
        private final String observer;
        private Set<String> before = new HashSet<>();
        private String coordinatorBefore = "";
        private final Map<String, Boolean> announced = new HashMap<>();

        Teller(String observer) {
            this.observer = observer;
        }

        @Override
        public void viewChanged(ClusterView view) {
            long now = System.nanoTime();
            Set<String> names = new HashSet<>();
            view.members().forEach(member -> names.add(member.name()));
            List<String> changes = new ArrayList<>();
            names.stream().filter(name -> !before.contains(name)).forEach(name -> changes.add("+" + name));
            before.stream().filter(name -> !names.contains(name)).forEach(name -> changes.add("-" + name));
            before = names;
            String coordinator = view.members().get(0).name();
            if (!changes.isEmpty() || !coordinator.equals(coordinatorBefore)) {
                coordinatorBefore = coordinator;
                changes.addAll(0, List.of("view", Long.toString(now), observer, coordinator));
                say(String.join(" ", changes));
            }
        }

        @Override
        public void announced(Member member, Announcement announcement, Claims claims) {
            if (announced.put(member.name(), true) == null) {
                say("told " + System.nanoTime() + " " + observer + " " + member.name());
            }
        }
    }

    /** As {@code provider: manual} has them. */
    private record FixedSeeds(List<Seed> seeds) implements SeedProvider {
        @Override
        public String type() {
            return "manual";
        }

        @Override
        public String location() {
            return "the bench's arguments";
        }
    }
}
