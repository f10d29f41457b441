package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.H2Client;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.WebSocketOrigin;
import io.scrimplb.proxy.telemetry.AccessRecord;
import io.scrimplb.proxy.telemetry.ErrorCause;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Flow control, cancellation and the end of connections over HTTP/2: what one stream does is no matter of the others. */
@Timeout(60)
class Http2FlowTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private H2Client client(int... settings) {
        return proxy.with(H2Client.connect(proxy.web(), settings));
    }

    /** Sends without end until the other side is gone; counts what was taken. */
    private static HttpOrigin.Handler endless(AtomicLong sent, CountDownLatch gone) {
        return exchange -> {
            if (!exchange.target().equals("/endless")) {
                exchange.send(200, "quick");
                return;
            }
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
            byte[] chunk = new byte[16 * 1024];
            try {
                while (true) {
                    exchange.out().write(chunk);
                    sent.addAndGet(chunk.length);
                }
            } catch (SocketException closed) {
                gone.countDown();
                exchange.closeAfterwards();
            }
        };
    }

    @Test
    void aStreamThatIsNotReadStopsItsOriginAndNoOther() throws Exception {
        AtomicLong sent = new AtomicLong();
        HttpOrigin origin = proxy.with(HttpOrigin.startWithSmallBuffers(endless(sent, new CountDownLatch(1))));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client().keepingWindows();
        client.send(H2Frame.windowUpdate(0, 1 << 30));
        int slow = client.get("a.test", "/endless");

        long standing = Plateau.of(sent);

        assertThat(standing).as("bytes the origin got rid of").isLessThan(1 << 20);
        for (int i = 0; i < 20; i++) {
            assertThat(client.fetch("a.test", "/quick").text()).isEqualTo("quick");
        }
        client.send(H2Frame.windowUpdate(slow, 4 << 20));
        await("the stream that is read again").atMost(SOON).until(() -> sent.get() > standing + (2 << 20));
    }

    @Test
    void aClientThatCancelsEndsWhatItsOriginIsDoing() throws Exception {
        AtomicLong sent = new AtomicLong();
        CountDownLatch gone = new CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.start(endless(sent, gone)));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        int stream = client.get("a.test", "/endless");
        client.next(H2Frame.DATA, stream);

        client.send(H2Frame.reset(stream, H2Frame.CANCEL));

        assertThat(gone.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        proxy.awaitNothingInFlight();
        assertThat(client.fetch("a.test", "/quick").text()).isEqualTo("quick");
    }

    @Test
    void aClientThatVanishesEndsAllThatItAskedFor() throws Exception {
        AtomicLong sent = new AtomicLong();
        CountDownLatch gone = new CountDownLatch(3);
        HttpOrigin origin = proxy.with(HttpOrigin.start(endless(sent, gone)));
        RecordingAccessLog log = proxy.logged();
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        for (int i = 0; i < 3; i++) {
            client.next(H2Frame.DATA, client.get("a.test", "/endless"));
        }

        client.abort();

        assertThat(gone.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(log.next().error()).isEqualTo(ErrorCause.CLIENT_ABORTED);
        }
        proxy.awaitNothingInFlight();
    }

    @Test
    void aResponseThatIsCutIsAResetAndTheConnectionGoesOn() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            if (exchange.target().equals("/cut")) {
                exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                exchange.closeAfterwards();
            } else {
                exchange.send(200, "whole");
            }
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        H2Client.Response cut = client.fetch("a.test", "/cut");

        assertThat(cut.text()).isEqualTo("half");
        assertThat(cut.reset()).isEqualTo(H2Frame.INTERNAL_ERROR);
        assertThat(client.fetch("a.test", "/").text()).isEqualTo("whole");
    }

    @Test
    void aWholeAnswerToHalfARequestIsFollowedByAResetWithoutError() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.send(413, "too much");
            exchange.closeAfterwards();
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        int stream = client.begin("POST", "a.test", "/");
        client.send(H2Frame.data(stream, false, "the first of much"));

        H2Client.Response response = client.response(stream);

        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).isEqualTo("too much");
        assertThat(client.next(H2Frame.RST_STREAM, stream).errorCode()).isEqualTo(H2Frame.NO_ERROR);
        assertThat(client.fetch("a.test", "/").status()).isEqualTo(413);
    }

    @Test
    void whatIsUnderWayOfUploadsThatWereAnsweredEarlyIsIgnored() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.send(413, "too much");
            exchange.closeAfterwards();
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        for (int i = 0; i < 30; i++) {
            int stream = client.begin("POST", "a.test", "/");
            assertThat(client.response(stream).status()).isEqualTo(413);
            client.next(H2Frame.RST_STREAM, stream);
            for (int part = 0; part < 20; part++) {
                client.send(H2Frame.data(stream, false, new byte[1000]));
            }
            client.send(H2Frame.headers(stream, true, Hpack.block("x-sum: 1")));
            client.stillServes();
        }

        assertThat(client.fetch("a.test", "/").status()).isEqualTo(413);
        assertThat(client.silentFor(Duration.ofMillis(200))).isTrue();
    }

    @Test
    void uploadsThatStandStillLeaveTheWindowToOthers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.startWithSmallBuffers(exchange -> {
            if (exchange.target().equals("/stalled")) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            long size = exchange.body().transferTo(java.io.OutputStream.nullOutputStream());
            exchange.send(200, Long.toString(size));
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        client.stillServes();
        byte[] chunk = new byte[16 * 1024];
        int[] stalled = new int[6];
        for (int i = 0; i < stalled.length; i++) {
            stalled[i] = client.begin("POST", "a.test", "/stalled");
        }
        long connectionWindow = 65_535;
        long[] windows = new long[stalled.length];
        java.util.Arrays.fill(windows, 256 * 1024);
        for (int i = 0; i < stalled.length; i++) {
            while (windows[i] >= chunk.length) {
                while (connectionWindow < chunk.length) {
                    H2Frame frame = client.next(H2Frame.WINDOW_UPDATE, 0);
                    connectionWindow += frame.number();
                }
                client.send(H2Frame.data(stalled[i], false, chunk));
                windows[i] -= chunk.length;
                connectionWindow -= chunk.length;
            }
        }

        int quick = client.begin("POST", "a.test", "/quick");
        client.send(H2Frame.data(quick, true, "some data"));
        assertThat(client.response(quick).text()).isEqualTo("9");

        release.countDown();
        for (int stream : stalled) {
            client.send(H2Frame.data(stream, true));
            assertThat(client.response(stream).text()).isEqualTo("262144");
        }
    }

    @Test
    void dataBeyondTheWindowEndsTheStreamOrTheConnection() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.startWithSmallBuffers(exchange -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        int stream = client.begin("POST", "a.test", "/");
        boolean taken = true;
        for (int i = 0; i < 200 && taken; i++) {
            taken = client.sendAsFarAsTaken(H2Frame.data(stream, false, new byte[16 * 1024]));
        }

        H2Frame end = client.nextOf(stream);
        while (end.is(H2Frame.WINDOW_UPDATE)) {
            end = client.nextOf(stream);
        }
        assertThat(end.errorCode()).isEqualTo(H2Frame.FLOW_CONTROL_ERROR);
        release.countDown();
    }

    @Test
    void aRetiredListenerLetsStreamsEndAndSaysWhichWereTheLast() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            arrived.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.send(200, "late");
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client().answeringNothing();
        int stream = client.get("a.test", "/");
        assertThat(arrived.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();

        proxy.swap(SpecBuilder.bare().upstream("app", origin.address()));

        H2Frame first = client.next(H2Frame.GOAWAY, 0);
        assertThat(first.number()).isEqualTo(Integer.MAX_VALUE);
        assertThat(first.errorCode()).isEqualTo(H2Frame.NO_ERROR);
        H2Frame second = client.next(H2Frame.GOAWAY, 0);
        assertThat(second.number()).isEqualTo(stream);
        release.countDown();
        assertThat(client.response(stream).text()).isEqualTo("late");
        assertThat(client.ended()).isIn(H2Frame.NO_ERROR, -1);
    }

    private int upgrade(H2Client client, String path) throws IOException {
        int stream = client.newStream();
        client.send(H2Frame.headers(
                stream,
                false,
                Hpack.block(
                        ":method: CONNECT",
                        ":protocol: websocket",
                        ":scheme: http",
                        ":authority: a.test",
                        ":path: " + path,
                        "sec-websocket-version: 13")));
        return stream;
    }

    @Test
    void rfc8441AWebSocketPassesOverAStream() throws Exception {
        WebSocketOrigin origin = proxy.with(new WebSocketOrigin());
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        H2Frame settings = client.next(H2Frame.SETTINGS, 0);
        assertThat(settings.setting(8, 0))
                .as("SETTINGS_ENABLE_CONNECT_PROTOCOL")
                .isEqualTo(1);

        int stream = upgrade(client, "/chat");
        java.util.List<String> head = client.fields(client.next(H2Frame.HEADERS, stream));
        assertThat(head).contains(":status: 200").noneMatch(field -> field.startsWith("sec-websocket-accept"));
        // A masked text frame, "hi".
        byte[] mask = {1, 2, 3, 4};
        client.send(H2Frame.data(
                stream, false, (byte) 0x81, (byte) 0x82, mask[0], mask[1], mask[2], mask[3], (byte) ('h' ^ 1), (byte)
                        ('i' ^ 2)));
        byte[] echo = client.next(H2Frame.DATA, stream).payload();
        assertThat(new String(echo, java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("hi");

        client.send(H2Frame.data(stream, true));
        H2Frame end = client.nextOf(stream);
        while (!end.endsStream() && !end.is(H2Frame.RST_STREAM)) {
            end = client.nextOf(stream);
        }
        proxy.awaitNothingInFlight();
    }

    @Test
    void rfc8441WhatTheOriginSendsWithItsHandshakeIsNotLost() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: "
                    + WebSocketOrigin.accept(exchange.head().value("Sec-WebSocket-Key"))
                    + "\r\n\r\ngreeting");
            exchange.connectionEnded();
            exchange.closeAfterwards();
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        int stream = upgrade(client, "/");

        assertThat(client.next(H2Frame.DATA, stream).payload()).isEqualTo("greeting".getBytes());
        client.send(H2Frame.reset(stream, H2Frame.CANCEL));
        proxy.awaitNothingInFlight();
    }

    @Test
    void rfc8441AnOriginThatRefusesAWebSocketIsHeard() throws Exception {
        HttpOrigin origin = proxy.with(
                HttpOrigin.start(exchange -> exchange.send(exchange.target().equals("/ok") ? 200 : 403, "no")));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        assertThat(client.response(upgrade(client, "/")).status()).isEqualTo(403);
        assertThat(client.response(upgrade(client, "/ok")).status())
                .as("200 would be an open tunnel")
                .isEqualTo(502);
        assertThat(client.fetch("a.test", "/").status()).isEqualTo(403);
    }

    @Test
    void rfc8441AnAnswerThatIsNoHandshakeIsAccountedAsTheClientSawIt() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> exchange.send(200, "no")));
        RecordingAccessLog log = proxy.logged();
        proxy.start(SpecBuilder.webTo(origin.address()));

        H2Client client = client();
        H2Client.Response response = client.response(upgrade(client, "/"));

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.value("x-scrimp-error")).isEqualTo("bad-response");
        AccessRecord refused = log.next();
        assertThat(refused.status()).isEqualTo(502);
        assertThat(refused.error()).isEqualTo(ErrorCause.BAD_RESPONSE);
        proxy.awaitNothingInFlight();
    }

    @Test
    void rfc8441AWrongAnswerToTheKeyIsNoWebSocket() throws Exception {
        HttpOrigin origin = proxy.with(
                HttpOrigin.start(
                        exchange -> exchange.raw(
                                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAA\r\n\r\n")));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        assertThat(client.response(upgrade(client, "/")).reset()).isEqualTo(H2Frame.INTERNAL_ERROR);
        proxy.awaitNothingInFlight();
    }
}
