package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.ChunkedOutput;
import io.scrimplb.proxy.partners.H2Client;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageBody;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.OriginExchange;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds whichever versions of HTTP the client and the endpoint speak. */
@ParameterizedClass(name = "{0}")
@EnumSource
@Timeout(60)
class PairsTest {
    /** The version of a client, and that of an endpoint. */
    enum Pair {
        H1_TO_H1(false, false),
        H1_TO_H2(false, true),
        H2_TO_H1(true, false),
        H2_TO_H2(true, true);

        final boolean client;
        final boolean origin;

        Pair(boolean client, boolean origin) {
            this.client = client;
            this.origin = origin;
        }
    }

    private static final long SEED = 11;
    private static final int BIG = 16 << 20;

    /** What lies on the way although both ends ask for small buffers; see {@link BackPressureTest}, and the gateways beside. */
    private static final long HELD_AT_MOST = 12L << 20;

    private final Pair pair;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final BlockingQueue<MessageHead> heads = new LinkedBlockingQueue<>();

    PairsTest(Pair pair) {
        this.pair = pair;
    }

    @BeforeEach
    void speak() {
        if (pair.client) {
            proxy.overHttp2();
        }
        if (pair.origin) {
            proxy.originsOverHttp2();
        }
    }

    private HttpOrigin origin(HttpOrigin.Handler handler) {
        return proxy.with(HttpOrigin.start(exchange -> {
            heads.add(exchange.head());
            handler.handle(exchange);
        }));
    }

    private RawClient to(HttpOrigin origin) {
        proxy.start(SpecBuilder.webTo(origin.address()));
        return proxy.client();
    }

    private MessageHead seen() throws InterruptedException {
        MessageHead head = heads.poll(10, TimeUnit.SECONDS);
        assertThat(head).as("the request at the origin").isNotNull();
        return head;
    }

    // ---- heads

    @Test
    void methodsAndTargetsArriveAsTheyAre() throws Exception {
        RawClient client = to(origin(exchange -> exchange.send(200, exchange.method() + " " + exchange.target())));

        for (String method : List.of("GET", "HEAD", "DELETE", "OPTIONS", "PUT", "PROPFIND", "get")) {
            String target = "/a%2fb/%41;p=1?q=%zz&r=" + method;
            client.head(method + " " + target + " HTTP/1.1", "Host: a.test", "Content-Length: 0");
            RawResponse response = client.response(method);
            assertThat(response.status()).as(method).isEqualTo(200);
            assertThat(response.text()).isEqualTo(method.equals("HEAD") ? "" : method + " " + target);
        }
        client.head("OPTIONS * HTTP/1.1", "Host: a.test");
        assertThat(client.response().text()).isEqualTo("OPTIONS *");
    }

    @Test
    void fieldsArriveInOrderWithTheirBytesAndThoseOfTheConnectionDoNot() throws Exception {
        RawClient client = to(origin(exchange -> exchange.send(
                200,
                "",
                "X-One: 1",
                "Set-Cookie: a=b",
                "X-Bytes: \u00e9\u00ff\t|",
                "Set-Cookie: c=d",
                "Keep-Alive: timeout=5",
                "X-Empty:")));
        String hop = pair.client ? "X-Last: z" : "X-Hop: 1";
        client.head(
                "GET / HTTP/1.1",
                "Host: Blog.Example.com:8443",
                "Connection: " + (pair.client ? "keep-alive" : "X-Hop"),
                "X-One: 1",
                "Keep-Alive: 5",
                "Cookie: a=b; c=\"d e\"",
                "X-Bytes: \u00e9\u00ff\t|",
                "X-One: 2",
                hop,
                "X-Empty:");
        RawResponse response = client.response();

        MessageHead request = seen();
        assertThat(request.value("Host")).isEqualTo("Blog.Example.com:8443");
        assertThat(request.all("X-One")).containsExactly("1", "2");
        assertThat(request.all("Cookie")).containsExactly("a=b; c=\"d e\"");
        assertThat(request.all("X-Bytes")).containsExactly("\u00e9\u00ff\t|");
        assertThat(request.all("X-Empty")).containsExactly("");
        assertThat(names(request)).doesNotContain("keep-alive", "x-hop", "connection", "transfer-encoding");
        assertThat(response.head().all("Set-Cookie")).containsExactly("a=b", "c=d");
        assertThat(response.head().all("X-Bytes")).containsExactly("\u00e9\u00ff\t|");
        assertThat(names(response.head()))
                .containsSubsequence("x-one", "set-cookie", "x-bytes", "set-cookie", "x-empty")
                .doesNotContain("keep-alive", "connection", "transfer-encoding");
    }

    private static List<String> names(MessageHead head) {
        return head.fields().stream()
                .map(field -> field.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Test
    void theEndpointIsToldOfTheClient() throws Exception {
        RawClient client = to(origin(exchange -> exchange.send(200, "")));

        client.get("a.test:81", "/", "X-Forwarded-For: 6.6.6.6", "Forwarded: for=6.6.6.6");

        MessageHead request = seen();
        assertThat(request.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(request.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(request.all("X-Forwarded-Host")).containsExactly("a.test:81");
        assertThat(request.all("X-Forwarded-Port"))
                .containsExactly(String.valueOf(proxy.web().getPort()));
        assertThat(request.all("X-Request-Id")).hasSize(1);
        assertThat(request.has("Forwarded")).isFalse();
    }

    // ---- bodies

    @Test
    void bodiesOfEverySizeArriveWholeWithAndWithoutALength() throws Exception {
        RawClient client = to(origin(exchange -> {
            String digest = BodyBytes.digest(exchange.body());
            exchange.send(
                    200, digest + " " + exchange.head().first("Content-Length").orElse("none"));
        }));

        for (int size : new int[] {0, 1, 20_000, BIG}) {
            client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + size);
            String sent = BodyBytes.write(client.out(), SEED, size);
            assertThat(client.response().text()).isEqualTo(sent + " " + size);

            client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
            ChunkedOutput out = new ChunkedOutput(client.out());
            BodyBytes.write(out, SEED, size);
            out.finish();
            assertThat(client.response().text()).isEqualTo(sent + " none");
        }
    }

    @Test
    void responsesOfEverySizeArriveWholeWithAndWithoutALength() throws Exception {
        RawClient client = to(origin(exchange -> {
            String[] asked = exchange.target().substring(1).split("/");
            body(exchange, Integer.parseInt(asked[0]), asked[1].equals("chunked"));
        }));

        for (int size : new int[] {0, 1, 20_000, BIG}) {
            for (String form : List.of("length", "chunked")) {
                RawResponse response = client.get("a.test", "/" + size + "/" + form);
                assertThat(response.complete()).isTrue();
                assertThat(BodyBytes.digest(response.body())).isEqualTo(BodyBytes.digest(SEED, size));
                assertThat(response.head().all("Content-Length"))
                        .isEqualTo(form.equals("length") ? List.of("" + size) : List.of());
            }
        }
    }

    private static void body(OriginExchange exchange, long size, boolean chunked) throws IOException {
        exchange.raw("HTTP/1.1 200 OK\r\n"
                + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + size + "\r\n\r\n"));
        OutputStream out = chunked ? new ChunkedOutput(exchange.out()) : exchange.out();
        BodyBytes.write(out, SEED, size);
        if (out instanceof ChunkedOutput chunks) {
            chunks.finish();
        }
    }

    @Test
    void responsesThatHaveNoBodyHaveNone() throws Exception {
        RawClient client = to(origin(exchange -> exchange.raw(
                switch (exchange.target()) {
                    case "/204" -> "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n";
                    case "/304" -> "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 77\r\n\r\n";
                    default -> "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n";
                })));

        assertThat(client.get("a.test", "/204").head().value("X-A")).isEqualTo("b");
        RawResponse unchanged = client.get("a.test", "/304");
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.head().value("ETag")).isEqualTo("\"x\"");
        client.head("HEAD /200 HTTP/1.1", "Host: a.test");
        assertThat(client.response("HEAD").head().value("Content-Length")).isEqualTo("1234");
        assertThat(client.get("a.test", "/204").status()).isEqualTo(204);
    }

    @Test
    void aResponseThatEndsWithItsConnectionArrivesWhole() throws Exception {
        RawClient client = to(origin(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end");
            exchange.closeAfterwards();
        }));

        for (int round = 0; round < 2; round++) {
            RawResponse response = client.get("a.test", "/");
            assertThat(response.text()).isEqualTo("until the end");
            assertThat(response.complete()).isTrue();
        }
    }

    @Test
    void interimResponsesArriveAndTheBodyWaitsForContinue() throws Exception {
        RawClient client = to(origin(exchange -> {
            exchange.raw("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
            exchange.raw("HTTP/1.1 100 Continue\r\n\r\n");
            exchange.send(200, new String(exchange.body().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }));
        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5", "Expect: 100-continue");

        MessageHead hint = client.responseHead();
        assertThat(hint.status()).isEqualTo(103);
        assertThat(hint.value("Link")).isEqualTo("</a.css>");
        assertThat(client.responseHead().status()).isEqualTo(100);
        client.send("hello");
        assertThat(client.response().text()).isEqualTo("hello");
    }

    @Test
    void trailersGoBothWaysAndForbiddenOnesDoNot() throws Exception {
        BlockingQueue<List<String>> trailers = new LinkedBlockingQueue<>();
        RawClient client = to(origin(exchange -> {
            exchange.body().readAllBytes();
            trailers.add(exchange.body().trailers());
            exchange.raw("HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n");
            ChunkedOutput out = new ChunkedOutput(exchange.out());
            out.write("body".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            out.finish("X-Sum: 2", "Set-Cookie: a=b");
        }));

        client.head(
                "POST / HTTP/1.1",
                "Host: a.test",
                "TE: trailers",
                "Connection: TE",
                "Trailer: X-Sum",
                "Transfer-Encoding: chunked");
        ChunkedOutput out = new ChunkedOutput(client.out());
        out.write("body".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        out.finish("X-Sum: 1", "Cookie: a=b");
        RawResponse response = client.response();

        assertThat(trailers.poll(10, TimeUnit.SECONDS))
                .containsExactly(pair.client || pair.origin ? "x-sum: 1" : "X-Sum: 1");
        assertThat(response.text()).isEqualTo("body");
        assertThat(response.trailers()).containsExactly(pair.client || pair.origin ? "x-sum: 2" : "X-Sum: 2");

        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 0");
        assertThat(client.response().trailers()).hasSize(pair.client ? 1 : 0);
    }

    // ---- speeds

    @Test
    void aClientThatStopsReadingStopsTheEndpoint() throws Exception {
        AtomicLong written = new AtomicLong();
        long size = 20L << 20;
        HttpOrigin origin = proxy.with(HttpOrigin.startWithSmallBuffers(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            BodyBytes.write(exchange.out(), SEED, size, written::set);
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.entry(), BodyBytes.SMALL_SOCKET_BUFFER));
        client.head("GET / HTTP/1.1", "Host: a.test");

        assertThat(Plateau.of(written)).isLessThan(HELD_AT_MOST);

        MessageBody body = client.body("GET", client.responseHead());
        assertThat(BodyBytes.digest(body)).isEqualTo(BodyBytes.digest(SEED, size));
    }

    @Test
    void anEndpointThatStopsReadingStopsTheClient() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        long size = 64L << 20;
        HttpOrigin origin = proxy.with(HttpOrigin.startWithSmallBuffers(exchange -> {
            pause(read);
            exchange.send(200, BodyBytes.digest(exchange.body()));
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.entry(), BodyBytes.SMALL_SOCKET_BUFFER));
        AtomicLong written = new AtomicLong();
        CompletableFuture<String> sent = CompletableFuture.supplyAsync(() -> {
            try {
                client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: " + size);
                return BodyBytes.write(client.out(), SEED, size, written::set);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        assertThat(Plateau.of(written)).isLessThan(Plateau.UPLOAD_HELD_AT_MOST);
        read.countDown();
        assertThat(client.response().text()).isEqualTo(sent.get(30, TimeUnit.SECONDS));
    }

    private static void pause(CountDownLatch until) throws IOException {
        try {
            assertThat(until.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    // ---- ends before the end

    @Test
    void aResponseBeforeTheEndOfTheRequestEndsBoth() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        RawClient client = to(origin(exchange -> {
            exchange.raw("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            try {
                exchange.body().readAllBytes();
            } catch (IOException cut) {
                ended.countDown();
                throw cut;
            }
        }));
        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 1000000")
                .send("begin");

        RawResponse response = client.response();

        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).isEqualTo("no");
        assertThat(ended.await(10, TimeUnit.SECONDS))
                .as("the endpoint hears that nothing more comes")
                .isTrue();
    }

    @Test
    void aClientThatLeavesBeforeTheResponseLeavesNothingAtTheEndpoint() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        RawClient client = to(origin(exchange -> {
            asked.countDown();
            if (exchange.connectionEnded()) {
                ended.countDown();
            }
            exchange.closeAfterwards();
        }));
        if (pair.client) {
            H2Client cancelling = proxy.with(H2Client.connect(proxy.web()));
            int stream = cancelling.get("a.test", "/");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            cancelling.send(H2Frame.reset(stream, H2Frame.CANCEL));
        } else {
            client.head("GET / HTTP/1.1", "Host: a.test");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            client.reset();
        }

        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatLeavesInTheMiddleEndsTheResponse() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        RawClient client = to(origin(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
            try {
                BodyBytes.write(exchange.out(), SEED, 1_000_000_000_000L);
            } catch (IOException cut) {
                ended.countDown();
                throw cut;
            }
        }));
        client.head("GET / HTTP/1.1", "Host: a.test");
        client.responseHead();

        client.reset();

        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anEndpointThatEndsBeforeItsResponseIsA502AndOnlySafeRequestsAreRepeated() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        RawClient client = to(origin(exchange -> {
            exchange.body().readAllBytes();
            asked.incrementAndGet();
            exchange.reset();
        }));

        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5").send("hello");
        RawResponse response = client.response();

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("upstream-reset");
        assertThat(asked).hasValue(1);
        assertThat(client.get("a.test", "/").status()).isEqualTo(502);
    }

    @Test
    void anEndpointThatEndsInTheMiddleCutsTheResponse() throws Exception {
        RawClient client = to(origin(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            exchange.reset();
        }));

        client.head("GET / HTTP/1.1", "Host: a.test");

        assertThat(client.untilClosed()).doesNotContain("502");
        assertThat(heads).hasSize(1);
    }

    @Test
    void anEndpointThatDoesNotAnswerInTimeIsA504AndLeftAlone() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        HttpOrigin origin = origin(exchange -> {
            if (exchange.connectionEnded()) {
                ended.countDown();
            }
            exchange.closeAfterwards();
        });
        proxy.start(SpecBuilder.webTo(origin.address()).firstByte(Duration.ofMillis(500)));

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status()).isEqualTo(504);
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(heads).hasSize(1);
    }

    @Test
    void aSwapLeavesWhatIsUnderWay() throws Exception {
        CountDownLatch swapped = new CountDownLatch(1);
        HttpOrigin old = origin(exchange -> {
            pause(swapped);
            exchange.send(200, "old");
        });
        HttpOrigin other = proxy.with(HttpOrigin.named("new"));
        RawClient client = to(old);
        client.head("GET / HTTP/1.1", "Host: a.test");
        seen();

        proxy.swap(SpecBuilder.webTo(other.address()).revision(2));
        swapped.countDown();

        assertThat(client.response().text()).isEqualTo("old");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(proxy.client().get("a.test", "/").text()).isEqualTo("new"));
    }
}
