package io.scrimplb.app.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.acme.AcmeMetricNames;
import io.scrimplb.app.acme.AcmeService;
import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.certificates.CertificateOrigin;
import io.scrimplb.app.certificates.CertificateStatus;
import io.scrimplb.app.config.ConfigLoader;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.Overrides;
import io.scrimplb.app.config.TlsConfig;
import io.scrimplb.app.metrics.CertificateMetricNames;
import io.scrimplb.app.metrics.ClusterMetricNames;
import io.scrimplb.app.metrics.FakeTraffic;
import io.scrimplb.app.metrics.Metrics;
import io.scrimplb.app.registry.MemberEvent;
import io.scrimplb.membership.MembershipStats;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.telemetry.HandshakeResult;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.telemetry.MetricNames;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.seed.PushResult;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MetricsPageTest {
    private static final List<Class<?>> NAMES =
            List.of(MetricNames.class, ClusterMetricNames.class, CertificateMetricNames.class, AcmeMetricNames.class);

    private final Metrics metrics = new Metrics();
    private AcmeService acme;

    @TempDir
    Path directory;

    /** Every metric that there is, with every value of the labels that have but a few. */
    @BeforeEach
    void showEverything() throws Exception {
        FakeTraffic traffic = new FakeTraffic();
        RequestCounters requests = new RequestCounters("blog", "443", 1);
        EndpointCounters endpoint = new EndpointCounters("blog", "web-1@10.0.0.3:3000", 1);
        for (int status : new int[] {0, 101, 200, 302, 404, 500}) {
            requests.finished(0, status, 1);
            endpoint.ended(0, status);
        }
        traffic.requests.add(requests);
        traffic.endpoints.add(endpoint);
        ApplicationCounters application = new ApplicationCounters("blog", 1);
        for (ErrorCause cause : ErrorCause.values()) {
            application.error(0, cause);
        }
        traffic.applications.add(application);
        ListenerCounters listener = new ListenerCounters("443", 1);
        for (HandshakeResult result : HandshakeResult.values()) {
            listener.handshake(0, result);
        }
        traffic.listeners.add(listener);
        metrics.traffic(traffic);
        CertificateStatus certificate = new CertificateStatus(
                "chain.pem", CertificateOrigin.FILE, List.of(), Instant.EPOCH, Instant.now(), null, null);
        metrics.certificates(() -> List.of(certificate));
        metrics.members(role -> 1);
        for (Role role : Role.values()) {
            for (MemberEvent event : MemberEvent.values()) {
                metrics.memberChanged(role, event);
            }
        }
        for (PushResult result : PushResult.values()) {
            metrics.seedPushed("s3", result.label());
        }
        metrics.membership(() -> new MembershipStats(1, 2, 3, 4, 5, 6, 7));
        acme = AutomaticCertificates.start(automatic(), new CertificateBoard(Clock.systemUTC()), metrics)
                .orElseThrow();
    }

    private TlsConfig automatic() throws Exception {
        Path file = Files.writeString(directory.resolve("lb.json"), """
                {"load-balancer-config": {"state-dir": "%s", "acme": {
                  "email": "me@example.com", "agree-to-terms": true, "directory": "https://127.0.0.1:1/"}}}
                """.formatted(directory));
        return new ConfigLoader(Map.of(), List.of())
                .load(new LoadRequest(Optional.of(file), Optional.of(Role.LOAD_BALANCER), Overrides.NONE))
                .config()
                .loadBalancer()
                .tls();
    }

    @AfterEach
    void close() {
        acme.close();
        metrics.close();
    }

    private String page() throws Exception {
        ByteArrayOutputStream scrape = new ByteArrayOutputStream();
        metrics.scrape(scrape);
        return MetricsPage.of(scrape.toString(StandardCharsets.UTF_8));
    }

    @Test
    void thePageThatUsersReadIsWhatAScrapeSays() throws Exception {
        // Mend it with the actual text of this assertion.
        assertThat(Files.readString(Path.of("docs", "metrics.md"))).isEqualTo(page());
    }

    @Test
    void everyNameStandsOnThePage() throws Exception {
        String page = page();
        for (Class<?> names : NAMES) {
            for (Field name : names.getFields()) {
                assertThat(page).contains("| `" + name.get(null) + "` |");
            }
        }
    }
}
