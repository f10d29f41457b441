package io.scrimplb.app.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.scrimplb.app.certificates.CertificateOrigin;
import io.scrimplb.app.certificates.CertificateStatus;
import io.scrimplb.app.control.ListenerStatus;
import io.scrimplb.app.registry.ApplicationStatus;
import io.scrimplb.app.registry.EndpointStatus;
import io.scrimplb.app.registry.MemberStatus;
import io.scrimplb.app.registry.Problem;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AdminServerTest {
    private static final AdminStatus STATUS = new AdminStatus(
            "1.2.3",
            "lb",
            Duration.ofMillis(1500),
            true,
            7,
            List.of(
                    member("id1", MemberStatus.Condition.CONFIRMED, Claims.UNLIMITED),
                    member(
                            "id2",
                            MemberStatus.Condition.CONFIRMED,
                            new Claims(List.of("*.example.com"), List.of(new PortRange(8000, 8999)))),
                    member("id3", MemberStatus.Condition.ASKED, null)),
            List.of(
                    new ApplicationStatus(
                            "blog",
                            "http",
                            List.of(":80 a.example.com/"),
                            List.of(new EndpointStatus("web-id1", "10.0.0.2:3000", 100, null, false)),
                            null),
                    new ApplicationStatus("shop", null, List.of(), List.of(), Instant.EPOCH)),
            List.of(new ListenerStatus("80", "0.0.0.0:80", "http", true)),
            List.of(
                    new CertificateStatus(
                            "/etc/ssl/chain.pem",
                            CertificateOrigin.FILE,
                            List.of("a.example.com"),
                            Instant.EPOCH,
                            Instant.parse("2027-01-02T03:04:05Z"),
                            null,
                            null),
                    new CertificateStatus(
                            "new.example.com",
                            CertificateOrigin.ACME,
                            List.of(),
                            null,
                            null,
                            "does not resolve",
                            null)),
            List.of(new Problem("application x", "y \"z\"\n", Instant.EPOCH)));

    private final List<String> notReady = new CopyOnWriteArrayList<>();
    private AdminServer server;

    private static MemberStatus member(String id, MemberStatus.Condition condition, @Nullable Claims claims) {
        return new MemberStatus(id, "web-" + id, Role.BACKEND, "10.0.0.2:9999", condition, false, claims);
    }

    private AdminServer start(@Nullable String token) throws AdminException {
        server = AdminServer.start(
                new AdminSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), token), sources());
        return server;
    }

    private AdminSources sources() {
        return new AdminSources(
                () -> notReady, out -> out.write("scrimp_routes 3.0\n".getBytes(StandardCharsets.UTF_8)), () -> STATUS);
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
            server.close();
        }
    }

    private record Answer(int status, String head, String body) {}

    /** Over a bare socket, since HTTP clients do not let a test choose its Host. */
    private Answer ask(String method, String path, String... headers) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(10_000);
            StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
        }
    }

    private Answer get(String path, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Host: 127.0.0.1");
        return ask("GET", path, all.toArray(String[]::new));
    }

    @Test
    void healthIsOkWhileTheProcessLives() throws Exception {
        start(null);
        notReady.add("draining");
        assertThat(get("/healthz")).extracting(Answer::status, Answer::body).containsExactly(200, "ok\n");
    }

    @Test
    void readinessNamesWhatIsMissing() throws Exception {
        start(null);
        notReady.add("listener 80 is not bound");
        assertThat(get("/readyz"))
                .extracting(Answer::status, Answer::body)
                .containsExactly(503, "listener 80 is not bound\n");
        notReady.clear();
        assertThat(get("/readyz").status()).isEqualTo(200);
    }

    @Test
    void metricsArePrometheusText() throws Exception {
        start(null);
        Answer answer = get("/metrics");
        assertThat(answer.body()).isEqualTo("scrimp_routes 3.0\n");
        assertThat(answer.head()).containsIgnoringCase("Content-type: text/plain; version=0.0.4");
    }

    @Test
    void statusIsJson() throws Exception {
        start(null);
        JsonNode json = new ObjectMapper().readTree(get("/api/v1/status").body());
        assertThat(json.path("version").asText()).isEqualTo("1.2.3");
        assertThat(json.path("uptime-seconds").asDouble()).isEqualTo(1.5);
        assertThat(json.at("/members/0/state").asText()).isEqualTo("confirmed");
        assertThat(json.at("/members/0/role").asText()).isEqualTo("backend");
        assertThat(json.at("/secured").asBoolean()).isTrue();
        assertThat(json.at("/members/0/trust").asText()).isEqualTo("secret");
        assertThat(json.at("/members/0/claims").isMissingNode()).isTrue();
        assertThat(json.at("/members/1/trust").asText()).isEqualTo("token");
        assertThat(json.at("/members/1/claims"))
                .hasToString("{\"domains\":[\"*.example.com\"],\"ports\":[\"8000-8999\"]}");
        assertThat(json.at("/members/2/trust").isMissingNode())
                .as("not known yet")
                .isTrue();
        assertThat(json.at("/applications/0/endpoints/0/address").asText()).isEqualTo("10.0.0.2:3000");
        assertThat(json.at("/listeners/0/bound").asBoolean()).isTrue();
        assertThat(json.at("/problems/0/message").asText()).isEqualTo("y \"z\"\n");
    }

    @Test
    void everyFieldOfTheStatusStandsOnItsPage() throws Exception {
        start(null);
        Set<String> fields = new TreeSet<>();
        names(new ObjectMapper().readTree(get("/api/v1/status").body()), fields);

        assertThat(fields).contains("forgotten-at", "not-after", "problem", "ports", "suspected");
        assertThat(Files.readString(Path.of("docs", "status.md")))
                .contains(fields.stream().map(field -> "`" + field + "`").toList());
    }

    private static void names(JsonNode json, Set<String> found) {
        json.fieldNames().forEachRemaining(found::add);
        json.forEach(child -> names(child, found));
    }

    @Test
    void aPathIsTakenAsItWasSent() throws Exception {
        start(null);
        assertThat(get("/healthz%0Aforged").status()).isEqualTo(404);
        assertThat(get("/%68ealthz").status()).isEqualTo(404);
    }

    @Test
    void theIndexLinksToTheRestAndWhatIsUnknownIsNotFound() throws Exception {
        start(null);
        assertThat(get("/").body()).contains("/api/v1/status", "/metrics");
        assertThat(get("/etc/passwd").status()).isEqualTo(404);
    }

    @Test
    void headHasTheHeadOfGetAndNoBody() throws Exception {
        start(null);
        Answer answer = ask("HEAD", "/healthz", "Host: localhost");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head()).containsIgnoringCase("content-length: 3");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void nothingCanBeChanged(String method) throws Exception {
        start(null);
        Answer answer = ask(method, "/api/v1/status", "Host: localhost", "Content-Length: 0");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.head()).containsIgnoringCase("allow: GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "127.0.0.1:9494", "localhost:1", "LOCALHOST", "[::1]:9494", "127.8.9.10", "[::1]"})
    void loopbackNamesAreAnswered(String host) throws Exception {
        start(null);
        assertThat(ask("GET", "/healthz", "Host: " + host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.com",
                "evil.example.com:9494",
                "127.0.0.1.evil.example.com",
                "localhost.evil.example.com",
                "10.0.0.1",
                ""
            })
    void foreignNamesAreRefusedSoThatRebindingGainsNothing(String host) throws Exception {
        start(null);
        assertThat(ask("GET", "/api/v1/status", "Host: " + host).status()).isEqualTo(403);
    }

    @Test
    void twoHostsAreRefused() throws Exception {
        start(null);
        assertThat(ask("GET", "/healthz", "Host: localhost", "Host: localhost").status())
                .isEqualTo(403);
    }

    @Test
    void whereThereIsATokenItHasToBeShown() throws Exception {
        start("s3cret");
        assertThat(get("/metrics").status()).isEqualTo(401);
        assertThat(get("/metrics", "Authorization: Bearer wrong").status()).isEqualTo(401);
        assertThat(get("/metrics", "Authorization: Basic s3cret").status()).isEqualTo(401);
        assertThat(get("/metrics", "Authorization: Bearer s3cret").status()).isEqualTo(200);
    }

    @Test
    void anAddressThatOthersReachIsRefusedWithoutAToken() {
        AdminSettings open = new AdminSettings(new InetSocketAddress("0.0.0.0", 0), null);
        assertThatThrownBy(() -> AdminServer.start(open, sources()))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("admin-token")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void anAddressThatOthersReachAnswersToAnyNameWithTheToken() throws Exception {
        server = AdminServer.start(new AdminSettings(new InetSocketAddress("0.0.0.0", 0), "t"), sources());
        assertThat(ask("GET", "/healthz", "Host: lb.example.com", "Authorization: Bearer t")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTakenPortIsOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());
            assertThatThrownBy(() -> AdminServer.start(new AdminSettings(address, null), sources()))
                    .isInstanceOfSatisfying(AdminException.class, e -> {
                        assertThat(e.reason()).isEqualTo(AdminException.Reason.PORT);
                        assertThat(e.getMessage()).contains(Integer.toString(taken.getLocalPort()));
                        assertThat(e.getMessage().lines()).hasSize(1);
                    });
        }
    }

    @Test
    void aNameThatDoesNotResolveIsOneLine() {
        AdminSettings settings = new AdminSettings(InetSocketAddress.createUnresolved("nowhere.invalid", 0), null);
        assertThatThrownBy(() -> AdminServer.start(settings, sources()))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("cannot be resolved");
    }

    @Test
    void aSourceThatFailsIsAnErrorAndTheServerLivesOn() throws Exception {
        server = AdminServer.start(
                new AdminSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null),
                new AdminSources(
                        () -> {
                            throw new IllegalStateException("boom (part of a test)");
                        },
                        out -> {},
                        () -> STATUS));
        assertThat(get("/readyz"))
                .extracting(Answer::status, Answer::body)
                .containsExactly(500, "internal error; see the log\n");
        assertThat(get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void theTokenIsNotPrintedWithTheSettings() {
        assertThat(new AdminSettings(new InetSocketAddress("127.0.0.1", 1), "s3cret").toString())
                .doesNotContain("s3cret");
    }
}
