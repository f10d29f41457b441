package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.H2Client;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.partners.RefusingAddress;
import io.scrimplb.proxy.partners.TcpEchoOrigin;
import io.scrimplb.proxy.telemetry.AccessRecord;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.CodeClass;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.telemetry.TrafficSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is counted and what is logged, for a few exchanges whose figures are known. */
@Timeout(60)
class TelemetryTest {
    private static final String NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final RecordingOrigin origin = proxy.with(RecordingOrigin.start());

    private TrafficSource traffic() {
        return proxy.server().traffic();
    }

    private RequestCounters requests(String application) {
        return traffic().requests().stream()
                .filter(counters -> counters.application().equals(application)
                        && counters.listener().equals(SpecBuilder.WEB))
                .findFirst()
                .orElseThrow();
    }

    private ApplicationCounters application(String name) {
        return traffic().applications().stream()
                .filter(counters -> counters.application().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private EndpointCounters endpoint(int port) {
        return traffic().endpoints().stream()
                .filter(counters -> counters.backend().contains(Integer.toString(port)))
                .findFirst()
                .orElseThrow();
    }

    private ListenerCounters listener(String name) {
        return traffic().listeners().stream()
                .filter(counters -> counters.listener().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void requestsAreCountedByApplicationListenerAndClass() throws Exception {
        RecordingOrigin mixed = proxy.with(
                RecordingOrigin.answering(RecordingOrigin.OK, RecordingOrigin.OK, NOT_FOUND, RecordingOrigin.OK));
        proxy.start(SpecBuilder.web().upstream("app", mixed.address()).route("a.test", "/", "app"));
        RawClient client = proxy.client();
        for (int i = 0; i < 4; i++) {
            client.get("a.test", "/");
        }
        client.get("b.test", "/");

        await().untilAsserted(() -> {
            assertThat(requests("app").requests(CodeClass.SUCCESS)).isEqualTo(3);
            assertThat(requests("app").requests(CodeClass.CLIENT_ERROR)).isEqualTo(1);
            assertThat(requests("app").requests()).isEqualTo(4);
            assertThat(requests("app").durationNanos()).isPositive();
            assertThat(requests(RequestCounters.NO_APPLICATION).requests(CodeClass.CLIENT_ERROR))
                    .isEqualTo(1);
            assertThat(application(RequestCounters.NO_APPLICATION).errors(ErrorCause.UNKNOWN_HOST))
                    .isEqualTo(1);
            assertThat(endpoint(mixed.address().getPort()).requests(CodeClass.SUCCESS))
                    .isEqualTo(3);
            assertThat(endpoint(mixed.address().getPort()).responses()).isEqualTo(4);
            assertThat(endpoint(mixed.address().getPort()).responseNanos()).isPositive();
            assertThat(endpoint(mixed.address().getPort()).inFlight()).isZero();
        });
        assertThat(Arrays.stream(ErrorCause.values())
                        .mapToLong(cause -> application("app").errors(cause))
                        .sum())
                .as("an application's own 404 is no error of the proxy")
                .isZero();
    }

    @Test
    void retriesAndTheirCausesAreCounted() throws Exception {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.webTo(refusing.address(), origin.address()));
        RawClient client = proxy.client();

        for (int i = 0; i < 4; i++) {
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        }

        await().untilAsserted(() -> {
            assertThat(application("app").retries()).isBetween(1L, 4L);
            assertThat(requests("app").requests(CodeClass.SUCCESS)).isEqualTo(4);
            assertThat(endpoint(refusing.address().getPort()).requests(CodeClass.NONE))
                    .isEqualTo(application("app").retries());
        });
    }

    @Test
    void failuresAreCountedByCause() throws Exception {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.webTo(refusing.address()));
        proxy.client().get("a.test", "/");
        proxy.client().head("GET / HTTP/1.1", "Host: a.test", "Bad Name: 1").response();

        await().untilAsserted(() -> {
            assertThat(application("app").errors(ErrorCause.CONNECT_FAILED)).isEqualTo(1);
            assertThat(requests("app").requests(CodeClass.SERVER_ERROR)).isEqualTo(1);
            assertThat(application(RequestCounters.NO_APPLICATION).errors(ErrorCause.BAD_REQUEST))
                    .isEqualTo(1);
        });
    }

    @Test
    void connectionsAndBytesOfAListenerAreExact() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        String request = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
        client.send(request);
        client.response();
        client.send(request);
        client.response();

        await().untilAsserted(() -> {
            assertThat(listener(SpecBuilder.WEB).connections()).isEqualTo(1);
            assertThat(listener(SpecBuilder.WEB).bytesIn()).isEqualTo(2L * request.length());
            assertThat(listener(SpecBuilder.WEB).bytesOut())
                    .isEqualTo(client.reader().consumed());
        });
        client.close();
        await().untilAsserted(() ->
                assertThat(listener(SpecBuilder.WEB).connections()).isZero());
    }

    @Test
    void bytesOfAConnectionThatTurnsToHttp2AreCountedOnce() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = proxy.with(H2Client.silent(proxy.web(), 0)).answeringNothing();

        client.preface().send(H2Frame.settings()).stillServes();

        // The preface, SETTINGS without any, and a PING of eight bytes.
        assertThat(listener(SpecBuilder.WEB).bytesIn()).isEqualTo(24 + 9 + 9 + 8);
    }

    @Test
    void bytesOfATcpListenerAreExact() throws Exception {
        TcpEchoOrigin echo = proxy.with(new TcpEchoOrigin());
        RecordingAccessLog log = proxy.logged();
        proxy.start(SpecBuilder.tcpTo(echo.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.address("raw")));
        client.send("x".repeat(1000));
        client.exactly(1000);
        client.halfClose();
        assertThat(client.untilClosed()).isEmpty();

        await().untilAsserted(() -> {
            assertThat(listener("raw").bytesIn()).isEqualTo(1000);
            assertThat(listener("raw").bytesOut()).isEqualTo(1000);
        });
        AccessRecord logged = log.next();
        assertThat(logged.protocol()).isEqualTo("tcp");
        assertThat(logged.application()).isEqualTo("app");
        assertThat(logged.listener()).isEqualTo("raw");
        assertThat(logged.bytesIn()).isEqualTo(1000);
        assertThat(logged.bytesOut()).isEqualTo(1000);
        assertThat(logged.backend()).isEqualTo(echo.address());
        assertThat(logged.error()).isNull();
    }

    @Test
    void routesAndSwapsAreTold() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        long swaps = traffic().swaps();
        assertThat(traffic().routes()).isEqualTo(1);

        proxy.swap(SpecBuilder.webTo(origin.address()).revision(2).route("b.test", "/", "app"));

        assertThat(traffic().routes()).isEqualTo(2);
        assertThat(traffic().swaps()).isEqualTo(swaps + 1);
    }

    @Test
    void countersStayWhileWhatTheyCountExistsAndGoWithIt() throws Exception {
        RecordingOrigin other = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.web()
                .upstream("stays", origin.address())
                .upstream("goes", other.address())
                .route("a.test", "/", "stays")
                .route("b.test", "/", "goes"));
        RawClient client = proxy.client();
        client.get("a.test", "/");
        client.get("b.test", "/");
        RequestCounters before = requests("stays");

        proxy.swap(SpecBuilder.web()
                .revision(2)
                .upstream("stays", origin.address())
                .route("a.test", "/", "stays"));

        assertThat(requests("stays")).isSameAs(before);
        assertThat(traffic().requests())
                .extracting(RequestCounters::application)
                .doesNotContain("goes");
        assertThat(traffic().applications())
                .extracting(ApplicationCounters::application)
                .contains("stays")
                .doesNotContain("goes");
        assertThat(traffic().endpoints())
                .extracting(EndpointCounters::application)
                .doesNotContain("goes");
    }

    @Test
    void aRecordTellsTheWholeExchange() throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        long before = System.currentTimeMillis();
        String request = "POST /a%2fb?q=1 HTTP/1.1\r\nHost: Blog.test:8080\r\nUser-Agent: test/1\r\n"
                + "X-Request-Id: abc-123\r\nContent-Length: 5\r\n\r\nhello";
        client.send(request);
        RawResponse response = client.response();

        AccessRecord logged = log.next();

        assertThat(response.status()).isEqualTo(200);
        assertThat(logged.startMillis()).isBetween(before - 1000, System.currentTimeMillis());
        assertThat(logged.application()).isEqualTo("app");
        assertThat(logged.listener()).isEqualTo(SpecBuilder.WEB);
        assertThat(logged.host()).isEqualToIgnoringCase("blog.test");
        assertThat(logged.method()).isEqualTo("POST");
        assertThat(logged.path()).isEqualTo("/a%2fb?q=1");
        assertThat(logged.protocol()).isEqualTo("HTTP/1.1");
        assertThat(logged.status()).isEqualTo(200);
        assertThat(logged.bytesIn()).isEqualTo(request.length());
        assertThat(logged.bytesOut()).isEqualTo(client.reader().consumed());
        assertThat(logged.clientAddress().getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(logged.backend()).isEqualTo(origin.address());
        assertThat(logged.connectNanos()).isPositive();
        assertThat(logged.firstByteNanos()).isPositive();
        assertThat(logged.totalNanos()).isGreaterThanOrEqualTo(logged.firstByteNanos());
        assertThat(logged.retries()).isZero();
        assertThat(logged.error()).isNull();
        assertThat(logged.requestId()).isEqualTo("abc-123");
        assertThat(logged.userAgent()).isEqualTo("test/1");

        client.get("a.test", "/again");
        AccessRecord pooled = log.next();
        assertThat(pooled.connectNanos()).as("a pooled connection").isZero();
        assertThat(pooled.userAgent()).isNull();
        assertThat(pooled.path()).isEqualTo("/again");
        assertThat(log.isEmpty()).isTrue();
    }

    @Test
    void aRecordOfARequestThatNoRouteTookSaysWhy() throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.start(SpecBuilder.web().upstream("app", origin.address()).route("a.test", "/", "app"));
        RawResponse response = proxy.client().get("b.test", "/x");

        AccessRecord logged = log.next();

        assertThat(logged.application()).isNull();
        assertThat(logged.host()).isEqualTo("b.test");
        assertThat(logged.status()).isEqualTo(404);
        assertThat(logged.error()).isEqualTo(ErrorCause.UNKNOWN_HOST);
        assertThat(logged.backend()).isNull();
        assertThat(logged.connectNanos()).isEqualTo(-1);
        assertThat(logged.requestId()).isEqualTo(response.head().value("X-Request-Id"));
    }

    @Test
    void aRecordTellsTheClientThatATrustedProxySpokeFor() throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.start(SpecBuilder.webTo(origin.address()).trusted("127.0.0.0/8"));
        proxy.client().get("a.test", "/", "X-Forwarded-For: 6.6.6.6, 198.51.100.7");

        // The last address that is not itself a trusted proxy: what stands before it anyone can write.
        assertThat(log.next().clientAddress().getHostAddress()).isEqualTo("198.51.100.7");
    }

    @Test
    void aRecordTellsRetriesAndTheEndpointThatAnswered() throws Exception {
        RecordingAccessLog log = proxy.logged();
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.webTo(refusing.address(), origin.address()));
        int retries = 0;

        for (int i = 0; i < 2; i++) {
            proxy.client().get("a.test", "/");
            AccessRecord logged = log.next();
            assertThat(logged.status()).isEqualTo(200);
            assertThat(logged.backend()).isEqualTo(origin.address());
            assertThat(logged.error()).isNull();
            retries += logged.retries();
        }
        assertThat(retries).isBetween(1, 2);
    }

    @Test
    void aRecordOfAResponseThatWasCutSaysSo() throws Exception {
        RecordingAccessLog log = proxy.logged();
        RecordingOrigin cutting =
                proxy.with(RecordingOrigin.answeringAndClosing("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
        proxy.start(SpecBuilder.webTo(cutting.address()));
        proxy.client().get("a.test", "/");

        AccessRecord logged = log.next();

        assertThat(logged.status()).isEqualTo(200);
        assertThat(logged.error()).isEqualTo(ErrorCause.RESPONSE_CUT);
        await().untilAsserted(() ->
                assertThat(application("app").errors(ErrorCause.RESPONSE_CUT)).isEqualTo(1));
    }

    @Test
    void aRecordOfAMalformedRequestSaysSo() throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.start(SpecBuilder.webTo(origin.address()));
        proxy.client().send("nonsense\r\n\r\n").response();

        AccessRecord logged = log.next();

        assertThat(logged.status()).isEqualTo(400);
        assertThat(logged.error()).isEqualTo(ErrorCause.BAD_REQUEST);
        assertThat(logged.backend()).isNull();
    }

    @Test
    void aRecordOfAClientThatLeftSaysSo() throws Exception {
        RecordingAccessLog log = proxy.logged();
        var stalling = proxy.with(io.scrimplb.proxy.partners.StallingOrigin.withoutAnswer());
        proxy.start(SpecBuilder.webTo(stalling.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test");
        await().until(() -> stalling.requests() == 1);
        client.reset();

        AccessRecord logged = log.next();

        assertThat(logged.status()).isZero();
        assertThat(logged.error()).isEqualTo(ErrorCause.CLIENT_ABORTED);
    }
}
