package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.H2Origin;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.StallingOrigin;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TLS towards endpoints: whom the proxy takes for one, and what a client hears when it is somebody else. */
@Timeout(60)
final class HttpsOriginTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final TestAuthority AUTHORITY = TestAuthority.SHARED;
    private static final CertificateSpec NAMED = AUTHORITY.ec("backend.example");
    private static final CertificateSpec ADDRESSED = AUTHORITY.ec("127.0.0.1", "::1");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private static OriginTlsSpec trusting(String serverName) {
        return new OriginTlsSpec(
                List.of(AUTHORITY.certificate()),
                serverName.isEmpty() ? Optional.empty() : Optional.of(serverName),
                false);
    }

    private static SpecBuilder spec(InetSocketAddress origin, OriginTlsSpec tls) {
        return SpecBuilder.web()
                .upstream(new UpstreamSpec(
                        "app",
                        BalancePolicy.P2C,
                        List.of(SpecBuilder.endpoint(origin, 100, false)),
                        new OriginSpec(OriginProtocol.HTTPS, tls, ProxyProtocol.NONE),
                        Optional.empty()))
                .route("*", "/", "app");
    }

    private HttpOrigin origin(CertificateSpec shown) {
        return proxy.with(HttpOrigin.startSecure(AUTHORITY.server(shown), exchange -> exchange.send(200, "secret")));
    }

    private RawResponse get() throws Exception {
        return proxy.client().get("app.example", "/");
    }

    @EveryEngine
    void asksForTheNameAndVerifiesIt(TlsEngine engine) throws Exception {
        HttpOrigin origin = origin(NAMED);
        proxy.by(engine).start(spec(origin.address(), trusting("backend.example")));

        assertThat(get().text()).isEqualTo("secret");
        assertThat(get().text()).isEqualTo("secret");
        assertThat(origin.connections()).as("connections are kept").isEqualTo(1);
        assertThat(((ExtendedSSLSession) origin.sessions().get(0)).getRequestedServerNames())
                .containsExactly(new SNIHostName("backend.example"));
    }

    @EveryEngine
    void verifiesTheAddressWhereNoNameIsSet(TlsEngine engine) throws Exception {
        HttpOrigin origin = origin(ADDRESSED);
        proxy.by(engine).start(spec(origin.address(), trusting("")));

        assertThat(get().text()).isEqualTo("secret");
        assertThat(((ExtendedSSLSession) origin.sessions().get(0)).getRequestedServerNames())
                .isEmpty();
    }

    private void assertRefused() throws Exception {
        RawResponse response = get();
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("upstream-tls");
    }

    @EveryEngine
    void anotherNameIsRefused(TlsEngine engine) throws Exception {
        HttpOrigin origin = origin(NAMED);
        proxy.by(engine).start(spec(origin.address(), trusting("other.example")));

        assertRefused();
        assertThat(origin.requests()).isZero();
        proxy.swap(spec(origin.address(), trusting("")));
        assertRefused();
        proxy.swap(spec(origin.address(), trusting("backend.example")));
        assertThat(get().text()).isEqualTo("secret");
    }

    @EveryEngine
    void anotherAuthorityIsRefusedUnlessAnybodyWillDo(TlsEngine engine) throws Exception {
        HttpOrigin origin = origin(NAMED);
        TestAuthority stranger = new TestAuthority();
        OriginTlsSpec other = new OriginTlsSpec(List.of(stranger.certificate()), Optional.of("backend.example"), false);
        proxy.by(engine).start(spec(origin.address(), other));

        assertRefused();
        proxy.swap(spec(origin.address(), new OriginTlsSpec(List.of(), Optional.of("backend.example"), false)));
        assertRefused();
        assertThat(origin.requests()).isZero();
        proxy.swap(spec(origin.address(), new OriginTlsSpec(List.of(), Optional.empty(), true)));
        assertThat(get().text()).isEqualTo("secret");
    }

    @EveryEngine
    void connectionsMadeByOtherRulesAreNotUsedAgain(TlsEngine engine) throws Exception {
        HttpOrigin origin = origin(NAMED);
        proxy.by(engine).start(spec(origin.address(), new OriginTlsSpec(List.of(), Optional.empty(), true)));
        assertThat(get().text()).isEqualTo("secret");

        proxy.swap(spec(origin.address(), trusting("other.example")));
        assertRefused();
    }

    @EveryEngine
    void anEndpointWithoutTlsIsRefused(TlsEngine engine) throws Exception {
        AcceptingSocket origin = proxy.with(AcceptingSocket.start("ClearTextOrigin", (socket, number) -> {
            socket.getInputStream().read(new byte[100]);
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }));
        proxy.by(engine).start(spec(origin.address(), trusting("backend.example")));

        assertRefused();
    }

    @Test
    void aHandshakeThatStallsCountsAsConnecting() throws Exception {
        StallingOrigin origin = proxy.with(StallingOrigin.withoutAnswer());
        proxy.start(spec(origin.address(), trusting("")).connect(Duration.ofMillis(400)));

        RawResponse response = get();
        assertThat(response.status()).isEqualTo(504);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("connect-timeout");
    }

    private static void pause(CountDownLatch until) {
        try {
            assertThat(until.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void exchangesThatComeBetweenTheHandshakeAndSettingsShareTheConnection() throws Exception {
        CountDownLatch shaken = new CountDownLatch(1);
        CountDownLatch greet = new CountDownLatch(1);
        H2Origin origin = proxy.with(H2Origin.start(exchange -> exchange.send(200, "secret")))
                .secured(AUTHORITY.server(NAMED))
                .greeting(() -> {
                    shaken.countDown();
                    pause(greet);
                });
        proxy.start(spec(origin.address(), trusting("backend.example")));
        List<RawClient> clients = new ArrayList<>();
        clients.add(proxy.client().head("GET / HTTP/1.1", "Host: a.test"));
        pause(shaken);
        for (int i = 0; i < 5; i++) {
            clients.add(proxy.client().head("GET / HTTP/1.1", "Host: a.test"));
        }
        await().atMost(SOON).until(() -> proxy.server().activeExchanges() == 6);
        greet.countDown();

        for (RawClient client : clients) {
            assertThat(client.response().text()).isEqualTo("secret");
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void anEndpointThatTakesFewStreamsGetsNoMoreConnectionsThanThatTakes() throws Exception {
        CountDownLatch all = new CountDownLatch(8);
        CountDownLatch greet = new CountDownLatch(1);
        H2Origin origin = proxy.with(H2Origin.with(new int[] {H2Frame.MAX_CONCURRENT_STREAMS, 2}, exchange -> {
                    all.countDown();
                    pause(all);
                    exchange.send(200, "together");
                }))
                .secured(AUTHORITY.server(NAMED))
                .greeting(() -> pause(greet));
        proxy.start(spec(origin.address(), trusting("backend.example")));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(proxy.client().head("GET / HTTP/1.1", "Host: a.test"));
        }
        await().atMost(SOON).until(() -> proxy.server().activeExchanges() == 8);
        greet.countDown();

        for (RawClient client : clients) {
            assertThat(client.response().text()).isEqualTo("together");
        }
        assertThat(origin.connections()).isEqualTo(4);
    }

    @Test
    void connectionsToAnEndpointThatTakesFewStreamsAreMadeAtTheSameTime() throws Exception {
        CountDownLatch all = new CountDownLatch(8);
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(3);
        AtomicInteger greetings = new AtomicInteger();
        H2Origin origin = proxy.with(H2Origin.with(new int[] {H2Frame.MAX_CONCURRENT_STREAMS, 2}, exchange -> {
                    all.countDown();
                    pause(all);
                    exchange.send(200, "together");
                }))
                .secured(AUTHORITY.server(NAMED))
                .greeting(() -> {
                    if (greetings.getAndIncrement() == 0) {
                        pause(first);
                    } else {
                        others.countDown();
                        pause(others);
                    }
                });
        proxy.start(spec(origin.address(), trusting("backend.example")));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(proxy.client().head("GET / HTTP/1.1", "Host: a.test"));
        }
        await().atMost(SOON).until(() -> proxy.server().activeExchanges() == 8);
        first.countDown();

        for (RawClient client : clients) {
            assertThat(client.response().text()).isEqualTo("together");
        }
        assertThat(origin.connections()).isEqualTo(4);
    }

    /** A response that ends with its connection is whole only if the endpoint says so. */
    @EveryEngine
    void aResponseThatSomebodyCutsIsNotTakenForWhole(TlsEngine engine) throws Exception {
        var context = AUTHORITY.server(NAMED);
        AcceptingSocket origin = proxy.with(AcceptingSocket.start("CuttingOrigin", (plain, number) -> {
            SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), false);
            secure.setUseClientMode(false);
            secure.getInputStream().read(new byte[1000]);
            secure.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
            if (number == 1) {
                secure.close();
            }
            plain.close();
        }));
        proxy.by(engine).start(spec(origin.address(), trusting("backend.example")));

        RawResponse whole = get();
        assertThat(whole.complete()).isTrue();
        assertThat(whole.text()).isEqualTo("half");
        RawResponse cut = get();
        assertThat(cut.complete()).isFalse();
    }

    @EveryEngine
    void carriesBodiesBothWays(TlsEngine engine) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.startSecure(AUTHORITY.server(NAMED), exchange -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            exchange.body().transferTo(body);
            exchange.send(200, body.toString(StandardCharsets.ISO_8859_1));
        }));
        proxy.by(engine).start(spec(origin.address(), trusting("backend.example")));
        String text = "0123456789abcdef".repeat(20_000);

        var client = proxy.client();
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
        assertThat(client.response("POST").text()).isEqualTo(text);
    }
}
