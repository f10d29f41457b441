package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.telemetry.HandshakeResult;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TLS towards clients: versions, certificates by name and by kind of key, refusals, what requests carry on. */
@Timeout(60)
final class TlsTest {
    private static final String SECURE = "secure";
    private static final CertificateSpec EC = TestAuthority.SHARED.ec("app.example", "*.apps.example");
    private static final CertificateSpec RSA = TestAuthority.SHARED.rsa("app.example");
    private static final CertificateSpec OTHER = TestAuthority.SHARED.ec("other.example", "one.apps.example");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private InetSocketAddress start(SpecBuilder spec) {
        proxy.start(spec);
        return proxy.address(SECURE);
    }

    private static SpecBuilder secure(InetSocketAddress origin, CertificateSpec... certificates) {
        return SpecBuilder.bare()
                .https(SECURE, SpecBuilder.anyPort())
                .upstream("app", origin)
                .route(SECURE, "*", "/", "app")
                .certificates(certificates);
    }

    private SpecBuilder secure(CertificateSpec... certificates) {
        return secure(proxy.with(HttpOrigin.named("app")).address(), certificates);
    }

    private void awaitResult(HandshakeResult result, long count) {
        await().untilAsserted(() ->
                assertThat(counters().handshakes(result)).as(result.label()).isEqualTo(count));
    }

    private ListenerCounters counters() {
        return proxy.server().traffic().listeners().stream()
                .filter(one -> one.listener().equals(SECURE))
                .findFirst()
                .orElseThrow();
    }

    @EveryEngine
    void servesRequestsByBothVersions(TlsEngine engine) throws Exception {
        proxy.by(engine);
        InetSocketAddress address = start(secure(EC));

        for (String version : List.of("TLSv1.3", "TLSv1.2")) {
            try (RawClient client =
                    TlsClient.asking("app.example").versions(version).connect(address)) {
                assertThat(client.session().getProtocol()).isEqualTo(version);
                assertThat(client.get("app.example", "/").text()).isEqualTo("app");
                assertThat(client.get("app.example", "/").text()).isEqualTo("app");
            }
        }
        awaitResult(HandshakeResult.OK, 2);
    }

    @EveryEngine
    void tellsTheApplicationThatItCameByHttps(TlsEngine engine) throws Exception {
        proxy.by(engine);
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        InetSocketAddress address = start(secure(origin.address(), EC));

        try (RawClient client = TlsClient.asking("app.example").connect(address)) {
            client.get("app.example", "/", "X-Forwarded-Proto: http");
        }

        assertThat(origin.next().head().all("X-Forwarded-Proto")).containsExactly("https");
    }

    @EveryEngine
    void choosesTheCertificateByName(TlsEngine engine) throws Exception {
        proxy.by(engine);
        InetSocketAddress address = start(secure(EC, OTHER));

        assertThat(TlsClient.asking("app.example").shown(address))
                .isEqualTo(EC.chain().get(0));
        assertThat(TlsClient.asking("OTHER.example").shown(address))
                .isEqualTo(OTHER.chain().get(0));
        assertThat(TlsClient.asking("two.apps.example").shown(address))
                .isEqualTo(EC.chain().get(0));
        assertThat(TlsClient.asking("one.apps.example").shown(address))
                .as("an exact name wins over a wildcard")
                .isEqualTo(OTHER.chain().get(0));
        assertThat(TlsClient.asking("unknown.example").shown(address))
                .isEqualTo(EC.chain().get(0));
        assertThat(TlsClient.asking("").shown(address)).isEqualTo(EC.chain().get(0));
    }

    @EveryEngine
    void choosesTheKindOfKeyThatTheClientKnows(TlsEngine engine) throws Exception {
        proxy.by(engine);
        InetSocketAddress address = start(secure(RSA, EC));

        assertThat(TlsClient.asking("app.example").shown(address))
                .isEqualTo(EC.chain().get(0));
        assertThat(TlsClient.asking("app.example")
                        .versions("TLSv1.2")
                        .suites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
                        .shown(address))
                .isEqualTo(RSA.chain().get(0));
        assertThat(TlsClient.asking("app.example")
                        .versions("TLSv1.2")
                        .suites("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
                        .shown(address))
                .isEqualTo(EC.chain().get(0));
    }

    @EveryEngine
    void refusesWithoutACertificateAndSaysSo(TlsEngine engine) {
        proxy.by(engine);
        InetSocketAddress address = start(secure());

        assertThatThrownBy(() -> TlsClient.asking("app.example").connect(address))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("unrecognized_name");
        awaitResult(HandshakeResult.NO_CERTIFICATE, 1);
    }

    @EveryEngine
    void refusesCiphersWithoutForwardSecrecy(TlsEngine engine) {
        proxy.by(engine);
        InetSocketAddress address = start(secure(RSA));

        assertThatThrownBy(() -> TlsClient.asking("app.example")
                        .versions("TLSv1.2")
                        .suites("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256")
                        .connect(address))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("handshake_failure");
        awaitResult(HandshakeResult.REFUSED, 1);
    }

    @EveryEngine
    void agreesOnHttp11AndOnNothingElse(TlsEngine engine) throws Exception {
        proxy.by(engine);
        InetSocketAddress address = start(secure(EC));

        try (RawClient client =
                TlsClient.asking("app.example").offering("spdy/3", "http/1.1").connect(address)) {
            assertThat(client.protocol()).isEqualTo("http/1.1");
        }
        assertThatThrownBy(() -> TlsClient.asking("app.example").offering("ftp").connect(address))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("no_application_protocol");
        awaitResult(HandshakeResult.NO_PROTOCOL, 1);
    }

    @Test
    void aRequestInClearTextLearnsThatThisPortSpeaksHttps() throws Exception {
        InetSocketAddress address = start(secure(EC));

        try (RawClient client = RawClient.connect(address)) {
            client.head("GET / HTTP/1.1", "Host: app.example");
            var response = client.response();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.text()).contains("https");
            assertThat(client.untilClosed()).isEmpty();
        }
        awaitResult(HandshakeResult.CLEAR_TEXT, 1);
    }

    @Test
    void bytesThatAreNoTlsGetAnAlertOrTheEnd() throws Exception {
        InetSocketAddress address = start(secure(EC));

        try (RawClient client = RawClient.connect(address)) {
            client.send(new byte[] {22, 3, 1, 0, 4, 2, 0, 0, 0});
            assertThat(client.exactly(7)).isEqualTo(new byte[] {21, 3, 3, 0, 2, 2, 50});
            assertThat(client.untilClosed()).isEmpty();
        }
        try (RawClient client = RawClient.connect(address)) {
            client.send(new byte[] {0, 1, 2});
            assertThat(client.untilClosed()).isEmpty();
        }
        awaitResult(HandshakeResult.MALFORMED, 2);
    }

    @Test
    void aTrickledHelloAndASilentClientEndAtTheDeadline() throws Exception {
        InetSocketAddress address = start(secure(EC).clientHeader(Duration.ofMillis(600)));
        byte[] begin = {22, 3, 1, 1, 0, 1};

        try (RawClient silent = RawClient.connect(address);
                RawClient trickling = RawClient.connect(address)) {
            for (byte one : begin) {
                trickling.send(new byte[] {one});
            }
            assertThat(silent.closedWithin(Duration.ofSeconds(5))).isTrue();
            assertThat(trickling.closedWithin(Duration.ofSeconds(5))).isTrue();
        }
        awaitResult(HandshakeResult.TIMEOUT, 2);
    }

    @Test
    void theDeadlineOfAHandshakeBeginsBehindThePeersProxyHeader() throws Exception {
        InetSocketAddress address =
                start(secure(EC).clientHeader(Duration.ofMillis(300)).trusted("127.0.0.0/8"));

        try (RawClient client = RawClient.connect(address)) {
            assertThat(client.silentFor(Duration.ofMillis(1200))).isTrue();
            client.send("PROXY TCP4 192.0.2.7 198.51.100.1 56324 8443\r\n");
            assertThat(client.closedWithin(Duration.ofSeconds(5))).isTrue();
        }
        awaitResult(HandshakeResult.TIMEOUT, 1);
    }

    @Test
    void aDrainClosesAClientThatHasSaidNothing() throws Exception {
        InetSocketAddress address = start(secure(EC));
        RawClient silent = proxy.with(RawClient.connect(address));
        await().until(() -> counters().connections() == 1);

        assertThat(proxy.server().drain(Duration.ofSeconds(5))).isTrue();
        assertThat(silent.closedWithin(Duration.ofSeconds(5))).isTrue();
    }

    @EveryEngine
    void anAuthorityFindsItsChallengeAndNobodyElseDoes(TlsEngine engine) throws Exception {
        proxy.by(engine);
        CertificateSpec answer = TestAuthority.SHARED.ec("new.example");
        InetSocketAddress address = start(secure(EC).challenges(new ChallengeSpec.TlsAlpn("new.example", answer)));
        TlsClient authority = TlsClient.asking("new.example").offering("acme-tls/1");

        try (RawClient client = authority.connect(address)) {
            assertThat(client.protocol()).isEqualTo("acme-tls/1");
            assertThat(TlsClient.leaf(client)).isEqualTo(answer.chain().get(0));
            assertThat(client.untilClosed()).isEmpty();
        }
        assertThatThrownBy(() ->
                        TlsClient.asking("app.example").offering("acme-tls/1").connect(address))
                .hasMessageContaining("no_application_protocol");
        assertThat(TlsClient.asking("new.example").offering("http/1.1").shown(address))
                .isEqualTo(EC.chain().get(0));
        awaitResult(HandshakeResult.CHALLENGE, 1);
    }

    @Test
    void aCertificateThatCannotBeShownIsLeftOutAndTheOthersGoOn() throws Exception {
        CertificateSpec empty = new CertificateSpec("empty.pem", List.of(), EC.key());
        CertificateSpec stolen = new CertificateSpec("stolen.pem", EC.chain(), OTHER.key());
        SpecBuilder spec = secure(empty, stolen, OTHER);

        assertThat(proxy.startWith(spec.build()))
                .extracting(SpecProblem::object)
                .containsExactly("certificate empty.pem", "certificate stolen.pem");
        assertThat(TlsClient.asking("app.example").shown(proxy.address(SECURE)))
                .isEqualTo(OTHER.chain().get(0));
    }

    /** Under load, on both engines: every request of every connection is answered, and new ones see the new certificate. */
    @EveryEngine
    void aSwapOfCertificatesFailsNoRequest(TlsEngine engine) throws Exception {
        proxy.by(engine).loops(2);
        InetSocketAddress origin = proxy.with(HttpOrigin.named("app")).address();
        InetSocketAddress address = start(secure(origin, EC));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        List<Future<?>> clients = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int i = 0; i < 3; i++) {
                boolean fresh = i > 0;
                clients.add(threads.submit(() -> {
                    RawClient client = TlsClient.asking("app.example").connect(address);
                    while (!stop.get()) {
                        assertThat(client.get("app.example", "/").status()).isEqualTo(200);
                        answered.incrementAndGet();
                        if (fresh) {
                            client.close();
                            client = TlsClient.asking("app.example").connect(address);
                        }
                    }
                    client.close();
                    return null;
                }));
            }
            CertificateSpec last = EC;
            for (int swap = 0; swap < 12; swap++) {
                int before = answered.get();
                last = TestAuthority.SHARED.ec("app.example");
                proxy.swap(secure(origin, last).revision(swap));
                assertThat(TlsClient.asking("app.example").shown(address))
                        .isEqualTo(last.chain().get(0));
                await().until(() ->
                        answered.get() > before + 5 || clients.stream().anyMatch(Future::isDone));
            }
            stop.set(true);
            for (Future<?> client : clients) {
                client.get(20, TimeUnit.SECONDS);
            }
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
    }

    @EveryEngine
    void aListenerTurnsToTlsAndBackWithoutCuttingAnything(TlsEngine engine) throws Exception {
        proxy.by(engine);
        InetSocketAddress origin = proxy.with(HttpOrigin.named("app")).address();
        SpecBuilder plain = SpecBuilder.bare()
                .http(SECURE, SpecBuilder.anyPort())
                .upstream("app", origin)
                .route(SECURE, "*", "/", "app");
        InetSocketAddress address = start(plain);
        RawClient before = proxy.with(RawClient.connect(address));
        assertThat(before.get("app.example", "/").status()).isEqualTo(200);

        proxy.swap(secure(origin, EC));
        assertThat(proxy.address(SECURE)).isEqualTo(address);
        assertThat(before.get("app.example", "/").status()).isEqualTo(200);
        RawClient secure = proxy.with(TlsClient.asking("app.example").connect(address));
        assertThat(secure.get("app.example", "/").status()).isEqualTo(200);

        proxy.swap(plain);
        assertThat(secure.get("app.example", "/").status()).isEqualTo(200);
        assertThat(before.get("app.example", "/").status()).isEqualTo(200);
        try (RawClient after = RawClient.connect(address)) {
            assertThat(after.get("app.example", "/").status()).isEqualTo(200);
        }
    }
}
