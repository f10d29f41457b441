package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.ChunkedOutput;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageBody;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.OneByteClient;
import io.scrimplb.proxy.partners.OriginExchange;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies of every size and framing arrive whole, both ways, on every transport. */
@Timeout(120)
class BodyTest {
    private static final long SEED = 42;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    static Stream<Arguments> sizes() {
        return Stream.of(Transport.NIO, Transport.EPOLL, Transport.IO_URING)
                .flatMap(transport -> Stream.of(0, 1, 4 << 10, 64 << 10, 1 << 20, 50 << 20)
                        .flatMap(size ->
                                Stream.of(Arguments.of(transport, size, false), Arguments.of(transport, size, true))));
    }

    @ParameterizedTest(name = "{0}, {1} bytes, chunked {2}")
    @MethodSource("sizes")
    void anUploadArrivesWhole(Transport transport, int size, boolean chunked) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            String digest = BodyBytes.digest(exchange.body());
            exchange.send(200, digest + " " + exchange.body().framing());
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        String sent;
        if (chunked) {
            client.head("POST /up HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
            ChunkedOutput out = new ChunkedOutput(client.out());
            sent = BodyBytes.write(out, SEED, size);
            out.finish();
        } else {
            client.head("POST /up HTTP/1.1", "Host: a.test", "Content-Length: " + size);
            sent = BodyBytes.write(client.out(), SEED, size);
        }

        RawResponse response = client.response();
        assertThat(response.text()).isEqualTo(sent + (chunked ? " CHUNKED" : " LENGTH"));
        assertThat(client.get("a.test", "/again").status())
                .as("the connection goes on")
                .isEqualTo(200);
    }

    @ParameterizedTest(name = "{0}, {1} bytes, chunked {2}")
    @MethodSource("sizes")
    void aDownloadArrivesWhole(Transport transport, int size, boolean chunked) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> sendBody(exchange, size, chunked)));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int round = 0; round < 2; round++) {
            client.head("GET /down HTTP/1.1", "Host: a.test");
            MessageHead head = client.responseHead();
            MessageBody body = client.body("GET", head);

            assertThat(BodyBytes.digest(body)).isEqualTo(BodyBytes.digest(SEED, size));
            assertThat(body.framing()).isEqualTo(chunked ? MessageBody.Framing.CHUNKED : MessageBody.Framing.LENGTH);
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    private static void sendBody(OriginExchange exchange, int size, boolean chunked) throws IOException {
        if (chunked) {
            exchange.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            ChunkedOutput out = new ChunkedOutput(exchange.out());
            BodyBytes.write(out, SEED, size);
            out.finish();
        } else {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            BodyBytes.write(exchange.out(), SEED, size);
        }
    }

    @EveryTransport
    void aBodyBothWaysAtOnceArrivesWhole(Transport transport) throws Exception {
        // An echo that answers while it still reads: neither direction may wait for the other to end.
        int size = 8 << 20;
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            ChunkedOutput out = new ChunkedOutput(exchange.out());
            exchange.body().transferTo(out);
            out.finish();
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("POST /echo HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
        Thread sender = new Thread(() -> {
            try {
                ChunkedOutput out = new ChunkedOutput(client.out());
                BodyBytes.write(out, SEED, size);
                out.finish();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        sender.start();

        MessageHead head = client.responseHead();
        assertThat(BodyBytes.digest(client.body("POST", head))).isEqualTo(BodyBytes.digest(SEED, size));
        sender.join();
    }

    @EveryTransport
    void aBodyThatComesByteByByteArrivesWhole(Transport transport) throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        OneByteClient dribbler = new OneByteClient(proxy.client());

        RawClient client = dribbler.send("POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n00A\r\n0123456789\r\n0\r\n\r\n");

        assertThat(client.response().text()).isEqualTo("ok");
        assertThat(origin.next().text()).isEqualTo("abc0123456789");
        dribbler.send("GET /y HTTP/1.1\r\nHost: a.test\r\n\r\n");
        assertThat(client.response().text()).isEqualTo("ok");
    }

    @EveryTransport
    void aResponseThatComesByteByByteArrivesWhole(Transport transport) throws Exception {
        String response = "HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n00A;x=y\r\n0123456789\r\n0\r\n\r\n";
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            for (int i = 0; i < response.length(); i++) {
                exchange.raw(response.substring(i, i + 1));
                Thread.yield();
            }
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int round = 0; round < 2; round++) {
            RawResponse seen = client.get("a.test", "/");
            assertThat(seen.text()).isEqualTo("abc0123456789");
            assertThat(seen.complete()).isTrue();
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @EveryTransport
    void whatTheOriginHasSentReachesTheClientBeforeTheRestIsThere(Transport transport) throws Exception {
        // Server-sent events and the like: nothing may wait in a buffer for more.
        java.util.concurrent.CountDownLatch seen = new java.util.concurrent.CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            try {
                assertThat(seen.await(10, java.util.concurrent.TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.raw("6\r\nsecond\r\n0\r\n\r\n");
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test");

        MessageBody body = client.body("GET", client.responseHead());
        assertThat(new String(body.readNBytes(5), java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo("first");
        seen.countDown();
        assertThat(new String(body.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .isEqualTo("second");
    }
}
