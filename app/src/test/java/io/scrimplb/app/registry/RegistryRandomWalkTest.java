package io.scrimplb.app.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joins, leaves, edits, suspicions, cuts and time, at random; what must always hold, holds after every step. */
@Timeout(60)
class RegistryRandomWalkTest {
    private static final int STEPS = 1_500;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 42, 20261121})
    void invariantsHoldAfterEveryStep(long seed) {
        TestCluster cluster = walk(seed, true);
        cluster.leaveAll();
        cluster.pass(Duration.ofMinutes(5));
        cluster.pass(Duration.ofMinutes(10));
        assertThat(cluster.registry.spec().routes()).isEmpty();
        assertThat(cluster.registry.spec().listeners()).hasSize(1);
        assertThat(cluster.registry.status().applications()).isEmpty();
        assertThat(cluster.registry.problems()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {4, 5})
    void theSpecDependsOnWhatHappenedAndNotOnWhenItWasDerived(long seed) {
        ProxySpec observed = walk(seed, true).registry.spec();
        ProxySpec unobserved = walk(seed, false).registry.spec();
        assertThat(unobserved.routes()).isEqualTo(observed.routes());
        assertThat(unobserved.upstreams()).isEqualTo(observed.upstreams());
        assertThat(unobserved.listeners()).isEqualTo(observed.listeners());
    }

    private static TestCluster walk(long seed, boolean observe) {
        Random random = new Random(seed);
        TestCluster cluster = new TestCluster();
        List<String> present = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        int born = 0;
        for (int step = 0; step < STEPS; step++) {
            String context = "seed " + seed + " step " + step;
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    if (present.size() < 8) {
                        String name = "web" + born++;
                        present.add(name);
                        cluster.joinBackends(name);
                    }
                }
                case 2 -> {
                    if (!present.isEmpty()) {
                        cluster.leave(present.remove(random.nextInt(present.size())));
                    }
                }
                case 3, 4, 5 -> {
                    if (!present.isEmpty()) {
                        cluster.announce(present.get(random.nextInt(present.size())), applications(random));
                    }
                }
                case 6 -> {
                    if (random.nextInt(10) == 0) {
                        cluster.leaveAll();
                        cluster.pass(Duration.ofMillis(random.nextInt(400_000)));
                        cluster.joinBackends(present.toArray(String[]::new));
                    } else if (!present.isEmpty()) {
                        cluster.see(present.get(random.nextInt(present.size())));
                    }
                }
                default -> cluster.pass(Duration.ofMillis(random.nextInt(100_000)));
            }
            if (observe) {
                ProxySpec spec = cluster.registry.spec();
                checkSpec(spec, context);
                checkOwners(cluster, spec, owners, context);
                assertThat(cluster.registry.spec()).as(context).isSameAs(spec);
                assertThat(cluster.registry.status().members()).as(context).hasSizeLessThan(60);
            }
        }
        return cluster;
    }

    private static Application[] applications(Random random) {
        Application[] applications = new Application[random.nextInt(4)];
        Set<String> names = new HashSet<>();
        for (int i = 0; i < applications.length; i++) {
            String name;
            do {
                name = "app" + random.nextInt(6);
            } while (!names.add(name));
            ApplicationProtocol protocol = random.nextInt(4) == 0 ? ApplicationProtocol.TCP : ApplicationProtocol.HTTP;
            Integer port = random.nextBoolean() ? null : 8080 + random.nextInt(3);
            String[] domains = random.ints(random.nextInt(3), 0, 4)
                    .mapToObj(d -> "d" + d + ".example.com")
                    .toArray(String[]::new);
            List<String> paths = random.nextBoolean() ? List.of("/") : List.of("/a", "/b/");
            applications[i] = TestCluster.application(name, protocol, port, paths, domains);
        }
        return applications;
    }

    private static void checkSpec(ProxySpec spec, String context) {
        Set<String> httpListeners = new HashSet<>();
        Set<String> used = new HashSet<>();
        for (ListenerSpec listener : spec.listeners()) {
            if (listener instanceof HttpListenerSpec) {
                httpListeners.add(listener.name());
            } else if (listener instanceof TcpListenerSpec tcp) {
                used.add(tcp.upstream());
            }
        }
        assertThat(spec.listeners()).as(context).extracting(ListenerSpec::name).doesNotHaveDuplicates();
        assertThat(httpListeners).as(context).contains("8080");
        assertThat(spec.routes())
                .as(context)
                .extracting(RegistryRandomWalkTest::place)
                .doesNotHaveDuplicates();
        for (RouteSpec route : spec.routes()) {
            assertThat(httpListeners).as(context).contains(route.listener());
            used.add(route.upstream());
        }
        assertThat(spec.upstreams())
                .as(context)
                .extracting(UpstreamSpec::name)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(used);
        for (UpstreamSpec upstream : spec.upstreams()) {
            assertThat(upstream.endpoints())
                    .as(context)
                    .extracting(endpoint -> endpoint.member() + endpoint.address())
                    .doesNotHaveDuplicates();
        }
    }

    /** Who holds a place with live endpoints keeps it while it claims it on a port that stays HTTP. */
    private static void checkOwners(TestCluster cluster, ProxySpec spec, Map<String, String> owners, String context) {
        Map<String, Set<String>> stillClaimed = new HashMap<>();
        cluster.registry.status().applications().stream()
                .filter(application -> application.forgottenAt() == null)
                .forEach(application -> stillClaimed.put(application.name(), Set.copyOf(application.routes())));
        Map<String, String> now = new HashMap<>();
        spec.routes().forEach(route -> now.put(place(route), route.upstream()));
        Set<String> reported =
                cluster.registry.problems().stream().map(Problem::object).collect(Collectors.toSet());
        owners.forEach((place, owner) -> {
            String holder = now.get(place);
            if (holder != null && !holder.equals(owner) && stillClaimed.containsKey(owner)) {
                // It gave the place up by itself, or it would have been reported as having lost it.
                assertThat(cluster.problems())
                        .as(context + ": " + owner + " lost " + place)
                        .noneMatch(problem -> problem.startsWith("application " + owner + ": claims " + place + ",")
                                && problem.contains("claimed that first"));
            }
        });
        assertThat(reported).as(context).allMatch(object -> object.matches("application app\\d|cluster"));
        owners.clear();
        spec.routes().stream()
                .filter(route -> stillClaimed.containsKey(route.upstream()))
                .forEach(route -> owners.put(place(route), route.upstream()));
    }

    private static String place(RouteSpec route) {
        return ":" + route.listener() + " " + route.host() + route.pathPrefix();
    }
}
