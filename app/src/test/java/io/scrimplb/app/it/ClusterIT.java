package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two load balancers and four backends on four hosts, each a network namespace, and a real cut between them. */
@Timeout(120)
class ClusterIT {
    private static final Duration AGREED = Duration.ofSeconds(10);
    private static final int LISTEN = 8080;
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    private Fabric fabric;

    @BeforeEach
    void lay() throws Exception {
        fabric = rig.closing(Fabric.createOrSkip());
        fabric.host("lb1", 1);
        fabric.host("lb2", 2);
        fabric.host("host1", 11);
        fabric.host("host2", 12);
        fabric.applicationWire("apps", "lb1", List.of(11, 12));
        rig.applications(fabric, "host1", "a=8081", "b=8082");
        rig.applications(fabric, "host2", "c=8083", "d=8084");
        rig.applications(fabric, "apps", "a=8081", "b=8082", "c=8083", "d=8084");
    }

    @Test
    void aLoadBalancerThatLosesItsNetworkKeepsItsTableAndAgreesAgainAfterwards() throws Exception {
        Set<String> all = Set.of("a", "b", "c", "d");
        Scrimp first = member("lb", "lb1", 1);
        Scrimp second = member("lb", "lb2", 2);
        first.awaitLog("load balancer ready");
        second.awaitLog("load balancer ready");
        List<Scrimp> backends = new ArrayList<>();
        long start = System.nanoTime();
        backends.add(member("backend", "host1", 11, "--app", "shop=8081,shop.test@" + LISTEN));
        backends.add(member("backend", "host1", 11, "--app", "shop=8082,shop.test@" + LISTEN));
        backends.add(member("backend", "host2", 12, "--app", "shop=8083,shop.test@" + LISTEN));
        backends.add(member("backend", "host2", 12, "--app", "shop=8084,shop.test@" + LISTEN));
        Waiting.until("both see all", () -> agreed(6, 4));
        Figures.tell("start of four backends to routed by both load balancers", Figures.since(start));
        assertThat(answers("lb1")).isEqualTo(all);
        assertThat(answers("lb2")).isEqualTo(all);

        fabric.unplug("lb1");
        long cut = System.nanoTime();
        Waiting.until("the others take lb1 as gone", () -> members("lb2").size() == 5);
        Waiting.until("lb1 sees nobody and holds on", () -> held("lb1") == 5);
        Figures.tell("cut to noticed by both sides", Figures.since(cut));
        assertThat(answers("lb1"))
                .as("the last known table of the one that is cut off")
                .isEqualTo(all);
        assertThat(answers("lb2")).isEqualTo(all);

        // What happens meanwhile on the other side is news to be told after the healing.
        backends.get(3).term();
        assertThat(backends.get(3).awaitExit()).isZero();
        Waiting.until("lb2 routes to three", () -> endpoints("lb2").size() == 3);
        assertThat(answers("lb2")).isEqualTo(Set.of("a", "b", "c"));
        assertThat(answers("lb1")).isEqualTo(all);

        fabric.plug("lb1");
        Duration healed = Waiting.until("both agree again", () -> agreed(5, 3));
        Figures.tell("healed partition to agreement of both load balancers", healed);
        assertThat(answers("lb1")).isEqualTo(Set.of("a", "b", "c"));
        assertThat(answers("lb2")).isEqualTo(Set.of("a", "b", "c"));
        assertThat(healed).isLessThanOrEqualTo(AGREED);
    }

    /** All members but one, the load balancer itself, are in sight again, and the tables are the same. */
    private boolean agreed(int members, int endpoints) throws Exception {
        return held("lb1") == 0
                && members("lb1").size() == members
                && members("lb1").equals(members("lb2"))
                && endpoints("lb1").size() == endpoints
                && endpoints("lb1").equals(endpoints("lb2"));
    }

    private Scrimp member(String role, String host, int number, String... flags) throws IOException {
        ObjectNode config = Site.object();
        config.put("bind-address", fabric.address(number));
        config.put("provider", "file");
        config.putObject("provider-config")
                .put("path", directory.resolve("seeds.json").toString());
        if (role.equals("backend")) {
            config.put("admin-address", "off");
        }
        Path file = directory.resolve(host + "-" + role + ".json");
        JSON.writeValue(file.toFile(), config);
        List<String> arguments = new ArrayList<>(List.of(role, "-c", file.toString()));
        arguments.addAll(List.of(flags));
        return rig.scrimp(arguments.toArray(String[]::new))
                .under(fabric.on(host))
                .start();
    }

    /** Which applications answer through a load balancer. */
    private Set<String> answers(String balancer) throws Exception {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 8; i++) {
            answers.add(fabric.output(
                    balancer, "curl", "-s", "-m", "10", "-H", "Host: shop.test", "http://127.0.0.1:" + LISTEN + "/"));
        }
        return answers;
    }

    private JsonNode status(String balancer) throws Exception {
        return JSON.readTree(fabric.output(balancer, "curl", "-s", "-m", "10", "http://127.0.0.1:9494/api/v1/status"));
    }

    private Set<String> members(String balancer) throws Exception {
        Set<String> members = new HashSet<>();
        status(balancer)
                .path("members")
                .forEach(member -> members.add(member.path("id").asText()));
        return members;
    }

    private Set<String> endpoints(String balancer) throws Exception {
        return new HashSet<>(Admin.endpoints(status(balancer), "shop", true));
    }

    private long held(String balancer) throws Exception {
        long held = 0;
        for (JsonNode member : status(balancer).path("members")) {
            held += member.path("state").asText().equals("held") ? 1 : 0;
        }
        return held;
    }
}
