package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.H2Client;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.H2Origin;
import io.scrimplb.proxy.partners.H2OriginExchange;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RefusingAddress;
import io.scrimplb.proxy.partners.StallingOrigin;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.spec.ProxyProtocol;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections to endpoints that speak HTTP/2: how they are shared, how they end, and what an endpoint may refuse. */
@Timeout(60)
class Http2OriginTest {
    /** What a client that takes nothing may hold of a response: two windows of 16 KiB. */
    private static final long STANDING_BYTES = 32 * 1024 + 1;

    private static final Duration SOON = Duration.ofSeconds(10);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private RawClient to(H2Origin origin) {
        proxy.start(SpecBuilder.webToHttp2(origin.address()));
        return proxy.client();
    }

    private static RawResponse post(RawClient client, String body) throws IOException {
        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + body.length());
        return client.send(body).response();
    }

    private static String text(H2OriginExchange exchange) throws IOException {
        return new String(exchange.body().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void pause(CountDownLatch until) throws IOException {
        try {
            assertThat(until.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    // ---- sharing

    @Test
    void requestsOfAllClientsShareAConnectionAndEndWithoutAReset() throws Exception {
        H2Origin origin = proxy.with(H2Origin.start(exchange -> exchange.send(200, text(exchange))));
        to(origin);

        for (int i = 0; i < 5; i++) {
            RawClient client = proxy.client();
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
            assertThat(post(client, "hello " + i).text()).isEqualTo("hello " + i);
        }

        assertThat(origin.connections()).isEqualTo(1);
        assertThat(origin.requests()).isEqualTo(10);
        assertThat(origin.resets()).isEmpty();
    }

    @Test
    void noMoreStreamsAreOpenThanTheEndpointAllows() throws Exception {
        CountDownLatch all = new CountDownLatch(6);
        H2Origin origin = proxy.with(H2Origin.with(new int[] {H2Frame.MAX_CONCURRENT_STREAMS, 2}, exchange -> {
            all.countDown();
            pause(all);
            exchange.send(200, "together");
        }));
        to(origin);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(proxy.client().head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 0"));
        }

        for (RawClient client : clients) {
            assertThat(client.response().text()).isEqualTo("together");
        }
        assertThat(origin.mostStreams()).isLessThanOrEqualTo(2);
        assertThat(origin.connections()).isEqualTo(3);
    }

    @Test
    void anEndpointThatTakesNoStreamsIsA502() throws Exception {
        H2Origin origin = proxy.with(H2Origin.with(
                new int[] {H2Frame.MAX_CONCURRENT_STREAMS, 0}, exchange -> exchange.reset(H2Frame.REFUSED_STREAM)));

        assertThat(post(to(origin), "hello").status()).isEqualTo(502);
    }

    @Test
    void aClientThatDoesNotReadDoesNotStopTheOthersOnTheSameConnection() throws Exception {
        int size = 8 << 20;
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            exchange.headers(false, ":status: 200", "content-length: " + size);
            BodyBytes.write(exchange.out(), 3, size);
        }));
        to(origin);
        RawClient slow = proxy.with(RawClient.connect(proxy.web(), BodyBytes.SMALL_SOCKET_BUFFER));
        slow.head("GET /slow HTTP/1.1", "Host: a.test");
        slow.responseHead();

        RawResponse other = proxy.client().get("a.test", "/quick");

        assertThat(BodyBytes.digest(other.body())).isEqualTo(BodyBytes.digest(3, size));
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void manyClientsThatDoNotReadDoNotStopAnotherOnTheSameConnection() throws Exception {
        int size = 8 << 20;
        AtomicLong sent = new AtomicLong();
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            exchange.headers(false, ":status: 200", "content-length: " + size);
            if (exchange.path().equals("/quick")) {
                BodyBytes.write(exchange.out(), 3, size);
                return;
            }
            byte[] part = new byte[16_384];
            for (int i = 0; i < size; i += part.length) {
                exchange.data(part, i + part.length == size);
                sent.addAndGet(part.length);
            }
        }));
        to(origin);
        int streams = 60;
        H2Client slow = proxy.with(H2Client.connect(proxy.web(), H2Frame.INITIAL_WINDOW_SIZE, 0));
        for (int i = 0; i < streams; i++) {
            slow.get("a.test", "/slow");
        }
        long standing = Plateau.of(sent);

        RawResponse other = proxy.client().get("a.test", "/quick");

        assertThat(BodyBytes.digest(other.body())).isEqualTo(BodyBytes.digest(3, size));
        assertThat(origin.connections()).isEqualTo(1);
        assertThat(standing).as("bytes of a client that takes none").isLessThan(streams * STANDING_BYTES);
        assertThat(origin.resets()).isEmpty();
    }

    @Test
    void anEndpointThatDoesNotReadOneRequestStillReadsTheOthersOnTheSameConnection() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (exchange.path().equals("/slow")) {
                pause(done);
            }
            exchange.send(200, BodyBytes.digest(exchange.body()));
        }));
        to(origin);
        int size = 200_000;
        RawClient slow = proxy.client();
        slow.head("POST /slow HTTP/1.1", "Host: a.test", "Content-Length: " + size);
        String sent = BodyBytes.write(slow.out(), 1, size);
        RawClient quick = proxy.client();
        quick.head("POST /quick HTTP/1.1", "Host: a.test", "Content-Length: " + size);
        BodyBytes.write(quick.out(), 1, size);

        assertThat(quick.response().text()).isEqualTo(sent);
        done.countDown();
        assertThat(slow.response().text()).isEqualTo(sent);
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void uploadsThatStandStillDoNotStopAnotherOnTheSameConnection() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (exchange.path().equals("/slow")) {
                pause(done);
            }
            exchange.send(200, BodyBytes.digest(exchange.body()));
        }));
        to(origin);
        int size = 200_000;
        List<RawClient> slow = new ArrayList<>();
        String sent = "";
        for (int i = 0; i < 8; i++) {
            RawClient client = proxy.client();
            client.head("POST /slow HTTP/1.1", "Host: a.test", "Content-Length: " + size);
            sent = BodyBytes.write(client.out(), 1, size);
            slow.add(client);
        }
        RawClient quick = proxy.client();
        quick.head("POST /quick HTTP/1.1", "Host: a.test", "Content-Length: " + size);
        BodyBytes.write(quick.out(), 1, size);

        assertThat(quick.response().text()).isEqualTo(sent);
        done.countDown();
        for (RawClient client : slow) {
            assertThat(client.response().text()).isEqualTo(sent);
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void whatIsUnderWayOfDownloadsThatWereCancelledIsIgnored() throws Exception {
        CountDownLatch late = new CountDownLatch(30);
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (!exchange.path().equals("/long")) {
                exchange.send(200, "served");
                return;
            }
            exchange.headers(false, ":status: 200");
            exchange.data("begin", false);
            exchange.awaitReset();
            for (int i = 0; i < 20; i++) {
                // Together more than the windows of the stream and of the connection.
                exchange.raw(H2Frame.data(exchange.stream(), false, new byte[16_000]));
            }
            exchange.headers(true, "x-sum: 1");
            late.countDown();
        }));
        to(origin);
        H2Client client = proxy.with(H2Client.connect(proxy.web()));
        for (int i = 0; i < 30; i++) {
            int stream = client.get("a.test", "/long");
            client.next(H2Frame.DATA, stream);
            client.send(H2Frame.reset(stream, H2Frame.CANCEL));
        }

        pause(late);
        assertThat(client.fetch("a.test", "/").text()).isEqualTo("served");
        assertThat(origin.connections()).isEqualTo(1);
        assertThat(origin.goodbyes()).isEmpty();
        assertThat(origin.resets()).as("one for each").hasSize(30);
    }

    @Test
    void aConnectionToAnEndpointThatIsGoneFromTheSpecEnds() throws Exception {
        H2Origin origin = proxy.with(H2Origin.start(exchange -> exchange.send(200, "old")));
        HttpOrigin other = proxy.with(HttpOrigin.named("new"));
        assertThat(to(origin).get("a.test", "/").text()).isEqualTo("old");

        proxy.swap(SpecBuilder.webTo(other.address()).revision(2));

        await().atMost(SOON).until(() -> origin.open() == 0);
        assertThat(origin.goodbyes()).hasSize(1);
    }

    @Test
    void eachClientHasAConnectionOfItsOwnWhereItsAddressIsTold() throws Exception {
        H2Origin origin = proxy.with(H2Origin.told(exchange -> exchange.send(200, exchange.proxyLine())));
        proxy.start(SpecBuilder.web()
                .upstream(
                        "app",
                        new OriginSpec(OriginProtocol.H2C, OriginTlsSpec.DEFAULT, ProxyProtocol.V1),
                        origin.address())
                .route("*", "/", "app"));
        RawClient client = proxy.client();

        for (int round = 0; round < 2; round++) {
            assertThat(client.get("a.test", "/").text())
                    .startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 "
                            + client.localAddress().getPort() + " ");
        }
        assertThat(origin.connections()).isEqualTo(2);
        await().atMost(SOON).until(() -> origin.open() == 0);
    }

    // ---- refusals

    @Test
    void aRequestThatIsRefusedIsSentAgainWithItsBodyWhateverItsMethod() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (asked.incrementAndGet() == 1) {
                text(exchange);
                exchange.reset(H2Frame.REFUSED_STREAM);
            } else {
                exchange.send(200, text(exchange));
            }
        }));
        to(origin);
        H2Client client = proxy.with(H2Client.connect(proxy.web()));
        int stream = client.begin("POST", "a.test", "/");
        client.send(H2Frame.data(stream, false, "hello "), H2Frame.data(stream, true, "again"));

        assertThat(client.response(stream).text()).isEqualTo("hello again");
        assertThat(asked).hasValue(2);
    }

    @Test
    void aCallThatIsRefusedInItsMiddleGoesOnElsewhere() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (asked.incrementAndGet() == 1) {
                exchange.body().readNBytes(5);
                exchange.reset(H2Frame.REFUSED_STREAM);
            } else {
                exchange.headers(false, ":status: 200");
                exchange.data(text(exchange), true);
            }
        }));
        to(origin);
        H2Client client = proxy.with(H2Client.connect(proxy.web()));
        int stream = client.begin("POST", "a.test", "/");
        client.send(H2Frame.data(stream, false, "first"));
        await().atMost(SOON).until(() -> asked.get() == 2);
        client.send(H2Frame.headers(stream, true, Hpack.block("x-sum: 1")));

        assertThat(client.response(stream).text()).isEqualTo("first");
    }

    @Test
    void aBodyTooLongToKeepIsNotSentAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            asked.incrementAndGet();
            text(exchange);
            exchange.reset(H2Frame.REFUSED_STREAM);
        }));
        RawClient client = to(origin);
        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 60000");
        client.send("x".repeat(20_000));
        await().atMost(SOON).until(() -> asked.get() == 1);
        client.send("x".repeat(40_000));

        assertThat(client.response().status()).isEqualTo(502);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aConnectionThatSaysGoodbyeFinishesWhatItServesAndTheRestGoesToAnother() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (exchange.connection() > 1) {
                exchange.send(200, "another");
            } else if (exchange.number() == 1) {
                pause(last);
                exchange.send(200, "first");
            } else {
                exchange.goAway(exchange.stream() - 2, H2Frame.NO_ERROR);
            }
        }));
        RawClient first = to(origin);
        first.head("GET / HTTP/1.1", "Host: a.test");
        await().atMost(SOON).until(() -> origin.requests() == 1);

        assertThat(post(proxy.client(), "hello").text()).isEqualTo("another");
        assertThat(proxy.client().get("a.test", "/").text()).isEqualTo("another");
        last.countDown();
        assertThat(first.response().text()).isEqualTo("first");
        assertThat(origin.connections()).isEqualTo(2);
        await().atMost(SOON).until(() -> origin.open() == 1);
    }

    // ---- ends

    @Test
    void aClientThatLeavesCancelsItsStreamAlone() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (exchange.path().equals("/left")) {
                asked.countDown();
                exchange.awaitReset();
            } else {
                exchange.send(200, "served");
            }
        }));
        RawClient client = to(origin);
        client.head("GET /left HTTP/1.1", "Host: a.test");
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        client.reset();

        await().atMost(SOON).until(() -> origin.resets().size() == 1);
        assertThat(origin.resets().get(0).errorCode()).isEqualTo(H2Frame.CANCEL);
        assertThat(proxy.client().get("a.test", "/").text()).isEqualTo("served");
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void aResponseBeforeTheEndOfTheRequestIsWhole() throws Exception {
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            exchange.send(200, "enough");
            exchange.reset(H2Frame.NO_ERROR);
        }));
        H2Client client = H2Client.connect(address(origin));
        proxy.with(client);
        int stream = client.begin("POST", "a.test", "/");
        client.send(H2Frame.data(stream, false, "begin"));

        H2Client.Response response = client.response(stream);

        assertThat(response.text()).isEqualTo("enough");
        assertThat(response.reset()).isEqualTo(-1);
        assertThat(client.next(H2Frame.RST_STREAM, stream).errorCode()).isEqualTo(H2Frame.NO_ERROR);
    }

    private java.net.InetSocketAddress address(H2Origin origin) {
        proxy.start(SpecBuilder.webToHttp2(origin.address()));
        return proxy.web();
    }

    @Test
    void whatAnEndpointHasSentWholeReachesASlowClientAlthoughTheConnectionEnds() throws Exception {
        int size = 12_000;
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            exchange.send(200, "x".repeat(size));
            exchange.reset(H2Frame.NO_ERROR);
            exchange.closeConnection();
        }));
        H2Client client = H2Client.connect(address(origin), H2Frame.INITIAL_WINDOW_SIZE, 100);
        proxy.with(client);
        int stream = client.get("a.test", "/");
        await().atMost(SOON).until(() -> origin.requests() == 1 && origin.open() == 0);

        assertThat(client.response(stream).body()).hasSize(size);
    }

    // ---- no HTTP/2 there

    @Test
    void anEndpointThatDoesNotSpeakHttp2IsA502AtOnce() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            exchange.closeAfterwards();
        }));
        proxy.start(SpecBuilder.webToHttp2(origin.address()));

        RawResponse response = post(proxy.client(), "hello");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.text()).doesNotContain("Bad Request");
    }

    @Test
    void anEndpointThatRefusesIsPassedOver() throws Exception {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        H2Origin origin = proxy.with(H2Origin.start(exchange -> exchange.send(200, text(exchange))));
        proxy.start(SpecBuilder.webToHttp2(refusing.address(), origin.address()));

        for (int round = 0; round < 3; round++) {
            assertThat(post(proxy.client(), "hello").text()).isEqualTo("hello");
        }
    }

    @Test
    void anEndpointThatNeverSaysAWordFailsThoseThatWaitInTheTimeToConnect() throws Exception {
        StallingOrigin silent = proxy.with(StallingOrigin.withoutAnswer());
        proxy.start(SpecBuilder.webToHttp2(silent.address())
                .connect(Duration.ofMillis(500))
                .firstByte(Duration.ofSeconds(2)));
        RawClient first = proxy.client().head("GET /1 HTTP/1.1", "Host: a.test");
        await().atMost(SOON).until(() -> proxy.server().activeExchanges() == 1);
        RawClient second = proxy.client().head("GET /2 HTTP/1.1", "Host: a.test");

        assertThat(second.response().status()).isIn(502, 504);
        assertThat(first.response().status()).isEqualTo(504);
    }
}
