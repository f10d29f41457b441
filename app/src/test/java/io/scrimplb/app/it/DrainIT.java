package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How a load balancer ends, and what it tells about itself while it runs. */
@Timeout(90)
class DrainIT {
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final List<String> ACCESS_LOG_FIELDS = List.of(
            "ts",
            "app",
            "host",
            "method",
            "path",
            "proto",
            "status",
            "bytes_in",
            "bytes_out",
            "client_ip",
            "backend",
            "t_connect",
            "t_first_byte",
            "t_total",
            "retries",
            "error",
            "request_id",
            "user_agent");
    private static final List<String> METRICS = List.of(
            "scrimp_requests_total{app=\"web\",code_class=\"2xx\"",
            "scrimp_request_duration_seconds_count{app=\"web\"",
            "scrimp_backend_requests_total{app=\"web\",backend=",
            "scrimp_backend_inflight{app=\"web\"",
            "scrimp_errors_total{",
            "scrimp_connections{listener=",
            "scrimp_bytes_total{",
            "scrimp_members{role=",
            "scrimp_member_changes_total{",
            "scrimp_routes ",
            "scrimp_routing_swaps_total ",
            "scrimp_seed_push_total{",
            "process_",
            "jvm_");

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private int port;
    private Path accessLog;
    private Site.Balancer balancer;

    @BeforeEach
    void start() throws Exception {
        Origin origin = rig.closing(Origin.of((request, in, out) -> {
            if (request.target().equals("/slow")) {
                asked.countDown();
                released.await(60, TimeUnit.SECONDS);
            }
            Origin.reply(out, "done");
        }));
        port = Ports.listen();
        accessLog = directory.resolve("access.log");
        Site site = new Site(rig, directory);
        balancer = site.balancer(config -> {
            ObjectNode own = config.putObject("load-balancer-config");
            own.putObject("timeouts").put("drain", DRAIN.toSeconds() + "s");
            own.putObject("access-log").put("format", "json").put("target", accessLog.toString());
        });
        site.backend("web", origin.port(), "web.test", port);
        Waiting.routed(port, "web.test", "done");
    }

    @Test
    void termEndsReadinessAtOnceAndTheResponseInFlightAsItShould() throws Exception {
        Exchange.Reply before = balancer.admin().get("/readyz");
        if (before.status() != 200) {
            // Both default listen ports are taken on this machine; that is told as such.
            assertThat(before.body()).contains("is not bound").doesNotContain("draining");
        }
        try (Exchange slow = new Exchange(port)) {
            slow.send("web.test", "/slow");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            balancer.process().term();
            Duration unready = Waiting.until("not ready", () -> {
                Exchange.Reply reply = balancer.admin().get("/readyz");
                return reply.status() == 503 && reply.body().contains("draining");
            });
            Waiting.until("no connection is taken any more", () -> refused(() -> Exchange.get(port, "web.test", "/")));
            assertThat(balancer.process().isAlive()).isTrue();

            long start = System.nanoTime();
            released.countDown();
            Exchange.Reply reply = slow.receive();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("done");
            assertThat(balancer.process().awaitExit(DRAIN)).isZero();
            Figures.tell("TERM of a load balancer to not ready", unready);
            Figures.tell("end of the last response to the exit of the load balancer", Figures.since(start));
        }
        // The last response is in the log, too.
        assertThat(Files.readString(accessLog)).contains("\"/slow\"");
    }

    @Test
    void aSecondTermEndsItAtOnce() throws Exception {
        try (Exchange slow = new Exchange(port)) {
            slow.send("web.test", "/slow");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            balancer.process().term();
            balancer.process().awaitLog("draining");
            long start = System.nanoTime();
            balancer.process().term();
            assertThat(balancer.process().awaitExit(Duration.ofSeconds(10))).isNotZero();
            Figures.tell("second TERM to the exit", Figures.since(start));
        } finally {
            released.countDown();
        }
    }

    @Test
    void accessLogAndMetricsSpeakTheWordsOfTheContract() throws Exception {
        assertThat(Exchange.get(port, "web.test", "/a?b=\"c\"").status()).isIn(200, 400);
        assertThat(Exchange.get(port, "nobody.test", "/x").status()).isEqualTo(404);

        Waiting.until("the lines are written", () -> logged().stream().anyMatch(line -> line.contains("nobody.test")));
        ObjectMapper json = new ObjectMapper();
        for (String line : logged()) {
            JsonNode entry = json.readTree(line);
            assertThat(entry.fieldNames()).toIterable().containsExactlyElementsOf(ACCESS_LOG_FIELDS);
        }
        JsonNode first = json.readTree(logged().stream()
                .filter(line -> line.contains("\"status\":200"))
                .findFirst()
                .orElseThrow());
        assertThat(first.path("app").asText()).isEqualTo("web");
        assertThat(first.path("host").asText()).startsWith("web.test");
        assertThat(first.path("client_ip").asText()).isEqualTo("127.0.0.1");
        assertThat(first.path("t_total").isNumber()).isTrue();

        String metrics = balancer.admin().get("/metrics").body();
        assertThat(metrics).contains(METRICS);
        assertThat(metrics).as("host names are no labels").doesNotContain("web.test", "nobody.test");
    }

    private List<String> logged() throws IOException {
        return Files.readAllLines(accessLog);
    }

    private static boolean refused(ThrowingCallable request) {
        return Assertions.catchThrowable(request) instanceof IOException;
    }
}
