package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.ChunkedOutput;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageBody;
import io.scrimplb.proxy.partners.RawClient;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader that stops reading stops the writer behind the proxy, which holds little; when it reads on, all arrives. */
@Timeout(120)
class BackPressureTest {
    private static final long SIZE = 64L << 20;
    /**
     * What two sockets on the way may hold although both ends ask for small buffers (the kernel lets a send buffer on
     * loopback grow to 4 MB), and the proxy's own share on top.
     */
    private static final long HELD_AT_MOST = 10L << 20;

    private static final long SEED = 7;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @ParameterizedTest(name = "{0}, chunked {1}")
    @CsvSource({"NIO,false", "NIO,true", "EPOLL,false", "EPOLL,true", "IO_URING,false", "IO_URING,true"})
    void aClientThatStopsReadingStopsTheOrigin(Transport transport, boolean chunked) throws Exception {
        AtomicLong written = new AtomicLong();
        HttpOrigin origin = proxy.with(HttpOrigin.startWithSmallBuffers(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\n"
                    + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: " + SIZE + "\r\n\r\n"));
            OutputStream out = chunked ? new ChunkedOutput(exchange.out()) : exchange.out();
            BodyBytes.write(out, SEED, SIZE, written::set);
            if (out instanceof ChunkedOutput chunks) {
                chunks.finish();
            }
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.entry(), BodyBytes.SMALL_SOCKET_BUFFER));
        client.head("GET / HTTP/1.1", "Host: a.test");

        assertThat(Plateau.of(written)).isLessThan(HELD_AT_MOST);

        MessageBody body = client.body("GET", client.responseHead());
        assertThat(BodyBytes.digest(body)).isEqualTo(BodyBytes.digest(SEED, SIZE));
    }

    @ParameterizedTest(name = "{0}, chunked {1}")
    @CsvSource({"NIO,false", "NIO,true", "EPOLL,false", "EPOLL,true", "IO_URING,false", "IO_URING,true"})
    void anOriginThatStopsReadingStopsTheClient(Transport transport, boolean chunked) throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.startWithSmallBuffers(exchange -> {
            try {
                assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.send(200, BodyBytes.digest(exchange.body()));
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.entry(), BodyBytes.SMALL_SOCKET_BUFFER));
        AtomicLong written = new AtomicLong();

        CompletableFuture<String> sent = CompletableFuture.supplyAsync(() -> upload(client, chunked, written));

        assertThat(Plateau.of(written)).isLessThan(Plateau.UPLOAD_HELD_AT_MOST);
        read.countDown();
        assertThat(client.response().text()).isEqualTo(sent.get(30, TimeUnit.SECONDS));
    }

    private static String upload(RawClient client, boolean chunked, AtomicLong written) {
        try {
            client.head(
                    "POST / HTTP/1.1",
                    "Host: a.test",
                    chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + SIZE);
            OutputStream out = chunked ? new ChunkedOutput(client.out()) : client.out();
            String digest = BodyBytes.write(out, SEED, SIZE, written::set);
            if (out instanceof ChunkedOutput chunks) {
                chunks.finish();
            }
            return digest;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @EveryTransport
    void pipelinedRequestsBehindASlowOneAreNotReadWithoutBound(Transport transport) throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            if (exchange.target().equals("/slow")) {
                try {
                    assertThat(answer.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            exchange.send(200, exchange.target());
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.entry(), BodyBytes.SMALL_SOCKET_BUFFER));
        client.head("GET /slow HTTP/1.1", "Host: a.test");
        AtomicLong written = new AtomicLong();
        byte[] burst = "GET /next HTTP/1.1\r\nHost: a.test\r\n\r\n"
                .repeat(1000)
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Thread sender = new Thread(() -> {
            try {
                while (true) {
                    client.send(burst);
                    written.addAndGet(burst.length);
                }
            } catch (IOException over) {
                // The test has seen enough and closed the connection.
            }
        });
        sender.setDaemon(true);
        sender.start();

        assertThat(Plateau.of(written)).isLessThan(Plateau.UPLOAD_HELD_AT_MOST);
        answer.countDown();
        assertThat(client.response().text()).isEqualTo("/slow");
        for (int i = 0; i < 2000; i++) {
            assertThat(client.response().text()).isEqualTo("/next");
        }
    }

    @EveryTransport
    void interimResponsesAreNotPiledUpForAClientThatDoesNotRead(Transport transport) throws Exception {
        // An end, so that a proxy that does pile them up fails this test and not the whole run.
        long most = 2 * HELD_AT_MOST;
        AtomicLong written = new AtomicLong();
        byte[] hint = ("HTTP/1.1 103 Early Hints\r\nLink: " + "x".repeat(4000) + "\r\n\r\n")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        HttpOrigin origin = proxy.with(HttpOrigin.startWithSmallBuffers(exchange -> {
            while (written.get() < most) {
                exchange.out().write(hint);
                written.addAndGet(hint.length);
            }
            exchange.connectionEnded();
            exchange.closeAfterwards();
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.entry(), BodyBytes.SMALL_SOCKET_BUFFER));
        client.head("GET / HTTP/1.1", "Host: a.test");

        assertThat(Plateau.of(written)).isLessThan(HELD_AT_MOST);
    }

    @EveryTransport
    void aClientThatDoesNotReadHoldsUpNobodyElse(Transport transport) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            if (exchange.target().equals("/large")) {
                exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
                BodyBytes.write(exchange.out(), SEED, SIZE);
            } else {
                exchange.send(200, "small");
            }
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient stalled = proxy.with(RawClient.connect(proxy.entry(), BodyBytes.SMALL_SOCKET_BUFFER));
        stalled.head("GET /large HTTP/1.1", "Host: a.test");
        assertThat(stalled.responseHead().status()).isEqualTo(200);

        for (int i = 0; i < 50; i++) {
            try (RawClient other = RawClient.connect(proxy.entry())) {
                assertThat(other.get("a.test", "/small").text()).isEqualTo("small");
            }
        }
    }
}
