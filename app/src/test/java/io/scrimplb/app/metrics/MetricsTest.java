package io.scrimplb.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.certificates.CertificateOrigin;
import io.scrimplb.app.certificates.CertificateStatus;
import io.scrimplb.app.registry.MemberEvent;
import io.scrimplb.membership.MembershipStats;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MetricsTest {
    private final Metrics metrics = new Metrics();
    private final FakeTraffic traffic = new FakeTraffic();

    @AfterEach
    void close() {
        metrics.close();
    }

    /** Series to value, comments left out. */
    private Map<String, Double> scrape() throws IOException {
        Map<String, Double> series = new TreeMap<>();
        for (String line : text().split("\n")) {
            if (!line.startsWith("#") && !line.isEmpty()) {
                int space = line.lastIndexOf(' ');
                series.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            }
        }
        return series;
    }

    private String text() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.scrape(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void someTraffic() {
        RequestCounters requests = new RequestCounters("blog", "8080", 2);
        requests.finished(0, 200, 1_500_000_000L);
        requests.finished(1, 502, 500_000_000L);
        traffic.requests.add(requests);
        RequestCounters second = new RequestCounters("blog", "443", 2);
        second.finished(0, 204, 1_000_000_000L);
        traffic.requests.add(second);
        EndpointCounters endpoint = new EndpointCounters("blog", "web-1@10.0.0.3:3000", 2);
        endpoint.begun(0);
        endpoint.begun(1);
        endpoint.responded(0, 250_000_000L);
        endpoint.ended(0, 200);
        traffic.endpoints.add(endpoint);
        ApplicationCounters application = new ApplicationCounters("blog", 2);
        application.error(0, ErrorCause.CONNECT_FAILED);
        application.retry(1);
        application.retry(1);
        traffic.applications.add(application);
        ListenerCounters listener = new ListenerCounters("8080", 2);
        listener.opened(0);
        listener.opened(1);
        listener.closed(1);
        listener.received(0, 100);
        listener.sent(0, 2000);
        traffic.listeners.add(listener);
    }

    @Test
    void trafficIsShownUnderTheNamesOfTheContract() throws IOException {
        someTraffic();
        metrics.traffic(traffic);
        String backend = "{app=\"blog\",backend=\"web-1@10.0.0.3:3000\"";
        assertThat(scrape())
                .containsEntry("scrimp_requests_total{app=\"blog\",code_class=\"2xx\",listener=\"8080\"}", 1.0)
                .containsEntry("scrimp_requests_total{app=\"blog\",code_class=\"5xx\",listener=\"8080\"}", 1.0)
                .containsEntry("scrimp_requests_total{app=\"blog\",code_class=\"2xx\",listener=\"443\"}", 1.0)
                .containsEntry("scrimp_request_duration_seconds_count{app=\"blog\"}", 3.0)
                .containsEntry("scrimp_request_duration_seconds_sum{app=\"blog\"}", 3.0)
                .containsEntry("scrimp_backend_requests_total" + backend + ",code_class=\"2xx\"}", 1.0)
                .containsEntry("scrimp_backend_response_seconds_count" + backend + "}", 1.0)
                .containsEntry("scrimp_backend_response_seconds_sum" + backend + "}", 0.25)
                .containsEntry("scrimp_backend_inflight" + backend + "}", 1.0)
                .containsEntry("scrimp_retries_total{app=\"blog\"}", 2.0)
                .containsEntry("scrimp_errors_total{app=\"blog\",cause=\"connect-failed\"}", 1.0)
                .containsEntry("scrimp_connections{listener=\"8080\"}", 1.0)
                .containsEntry("scrimp_bytes_total{direction=\"in\",listener=\"8080\"}", 100.0)
                .containsEntry("scrimp_bytes_total{direction=\"out\",listener=\"8080\"}", 2000.0)
                .containsEntry("scrimp_routes", 7.0)
                .containsEntry("scrimp_routing_swaps_total", 9.0);
        assertThat(text())
                .contains("# TYPE scrimp_requests_total counter")
                .contains("# TYPE scrimp_request_duration_seconds summary")
                .contains("# TYPE scrimp_connections gauge");
    }

    @Test
    void clusterAndSeedsAreShown() throws IOException {
        metrics.members(role -> role == Role.BACKEND ? 3 : 2);
        metrics.memberChanged(Role.BACKEND, MemberEvent.JOIN);
        metrics.memberChanged(Role.BACKEND, MemberEvent.JOIN);
        metrics.seedPushed("s3", "ok");
        assertThat(scrape())
                .containsEntry("scrimp_members{role=\"backend\"}", 3.0)
                .containsEntry("scrimp_members{role=\"load-balancer\"}", 2.0)
                .containsEntry("scrimp_member_changes_total{event=\"join\",role=\"backend\"}", 2.0)
                .containsEntry("scrimp_seed_push_total{provider=\"s3\",result=\"ok\"}", 1.0);
    }

    @Test
    void theMetricOfMembersKnowsJoinLeaveAndSuspectOnly() throws IOException {
        for (MemberEvent event : MemberEvent.values()) {
            metrics.memberChanged(Role.BACKEND, event);
        }
        assertThat(scrape())
                .containsEntry("scrimp_member_changes_total{event=\"join\",role=\"backend\"}", 1.0)
                .containsEntry("scrimp_member_changes_total{event=\"leave\",role=\"backend\"}", 2.0)
                .containsEntry("scrimp_member_changes_total{event=\"suspect\",role=\"backend\"}", 1.0)
                .doesNotContainKey("scrimp_member_changes_total{event=\"unsuspect\",role=\"backend\"}");
    }

    @Test
    void whatMembersSentAndWasRefusedOrDroppedIsShown() throws IOException {
        AtomicReference<MembershipStats> stats = new AtomicReference<>(new MembershipStats(1, 2, 3, 4, 5, 6, 7));
        metrics.membership(stats::get);
        assertThat(scrape()).containsEntry("scrimp_member_messages_refused_total{reason=\"hostile\"}", 2.0);
        stats.set(new MembershipStats(5, 6, 7, 8, 9, 10, 11));
        System.gc();
        assertThat(scrape())
                .containsEntry("scrimp_member_messages_refused_total{reason=\"ignored\"}", 5.0)
                .containsEntry("scrimp_member_messages_refused_total{reason=\"hostile\"}", 6.0)
                .containsEntry("scrimp_member_messages_refused_total{reason=\"frame\"}", 7.0)
                .containsEntry("scrimp_member_messages_refused_total{reason=\"application\"}", 8.0)
                .containsEntry("scrimp_member_messages_refused_total{reason=\"connection\"}", 9.0)
                .containsEntry("scrimp_member_messages_dropped_total{direction=\"out\"}", 10.0)
                .containsEntry("scrimp_member_messages_dropped_total{direction=\"in\"}", 11.0);
    }

    @Test
    void theProcessAndTheJvmAreShown() throws IOException {
        assertThat(scrape())
                .containsKeys(
                        "process_start_time_seconds",
                        "process_cpu_seconds_total",
                        "process_open_fds",
                        "process_max_fds",
                        "jvm_threads_live_threads")
                .anySatisfy((series, value) -> assertThat(series).startsWith("jvm_memory_used_bytes{"))
                .anySatisfy((series, value) -> assertThat(series).startsWith("jvm_gc_"));
        if (System.getProperty("os.name").equals("Linux")) {
            assertThat(scrape().get("process_resident_memory_bytes")).isGreaterThan(10e6);
        }
    }

    @Test
    void whatVanishedIsNoLongerShown() throws IOException {
        someTraffic();
        metrics.traffic(traffic);
        assertThat(scrape().keySet()).anyMatch(series -> series.contains("web-1"));
        traffic.endpoints.clear();
        traffic.requests.clear();
        traffic.applications.clear();
        assertThat(scrape().keySet()).noneMatch(series -> series.contains("blog"));
    }

    @Test
    void applicationsOverTheCapShareASeriesThatNeverFalls() throws IOException {
        for (int i = 0; i < TrafficCollector.MAX_APPLICATIONS + 10; i++) {
            RequestCounters counters = new RequestCounters("app" + i, "8080", 1);
            counters.finished(0, 200, 1_000_000);
            traffic.requests.add(counters);
        }
        metrics.traffic(traffic);
        String other = "scrimp_requests_total{app=\"other\",code_class=\"2xx\",listener=\"8080\"}";
        // One place is kept for what no application is to blame for.
        assertThat(scrape()).containsEntry(other, 11.0);
        assertThat(scrape().keySet().stream().filter(series -> series.startsWith("scrimp_requests_total")))
                .hasSize(2 * TrafficCollector.MAX_APPLICATIONS);

        traffic.requests.remove(traffic.requests.size() - 1);
        assertThat(scrape()).containsEntry(other, 11.0);
        traffic.requests.get(traffic.requests.size() - 1).finished(0, 200, 1_000_000);
        assertThat(scrape()).containsEntry(other, 12.0);
    }

    @Test
    void backendsOverTheCapShareASeries() throws IOException {
        for (int i = 0; i < TrafficCollector.MAX_BACKENDS + 5; i++) {
            EndpointCounters counters = new EndpointCounters("blog", "web" + i, 1);
            counters.begun(0);
            traffic.endpoints.add(counters);
        }
        metrics.traffic(traffic);
        assertThat(scrape()).containsEntry("scrimp_backend_inflight{app=\"blog\",backend=\"other\"}", 5.0);
    }

    @Test
    void aHostileNameCannotForgeALine() throws IOException {
        traffic.requests.add(new RequestCounters("x\"} 1\nscrimp_forged 1", "8080", 1));
        metrics.traffic(traffic);
        assertThat(scrape()).doesNotContainKey("scrimp_forged");
    }

    @Test
    void certificatesShowWhatTimeTheyHaveLeftAndThoseThatEndFirstHaveSeriesOfTheirOwn() throws IOException {
        Instant now = Instant.now();
        List<CertificateStatus> many = new ArrayList<>();
        many.add(certificate("over.pem", now.minusSeconds(100)));
        many.add(new CertificateStatus("none.pem", CertificateOrigin.FILE, List.of(), null, null, "is empty", null));
        for (int i = 0; i < CertificateCollector.MAX_CERTIFICATES + 10; i++) {
            many.add(certificate(i + ".pem", now.plusSeconds(1000 + 100L * i)));
        }
        metrics.certificates(() -> many);

        Map<String, Double> series = scrape();
        assertThat(series.get("scrimp_certificate_expiry_seconds{certificate=\"over.pem\"}"))
                .isBetween(-200.0, -100.0);
        assertThat(series.get("scrimp_certificate_expiry_seconds{certificate=\"5.pem\"}"))
                .isBetween(1400.0, 1500.0);
        assertThat(series).containsKey("scrimp_certificate_expiry_seconds{certificate=\"other\"}");
        assertThat(series.keySet().stream().filter(name -> name.startsWith("scrimp_certificate")))
                .hasSize(CertificateCollector.MAX_CERTIFICATES + 1);
    }

    @Test
    void certificatesThatWereOrderedShareOneSeriesAndShowNoHost() throws IOException {
        Instant now = Instant.now();
        metrics.certificates(() -> List.of(
                certificate("chain.pem", now.plusSeconds(900)),
                ordered("shop.example.com", now.plusSeconds(500)),
                ordered("www.example.com", now.plusSeconds(300))));

        Map<String, Double> series = scrape();

        assertThat(series.get("scrimp_certificate_expiry_seconds{certificate=\"acme\"}"))
                .isBetween(200.0, 300.0);
        assertThat(series.keySet().stream().filter(name -> name.startsWith("scrimp_certificate")))
                .hasSize(2)
                .noneMatch(name -> name.contains("example.com"));
    }

    private static CertificateStatus ordered(String name, Instant end) {
        return new CertificateStatus(name, CertificateOrigin.ACME, List.of(name), Instant.EPOCH, end, null, null);
    }

    private static CertificateStatus certificate(String name, Instant end) {
        return new CertificateStatus(name, CertificateOrigin.FILE, List.of("a.test"), Instant.EPOCH, end, null, null);
    }
}
