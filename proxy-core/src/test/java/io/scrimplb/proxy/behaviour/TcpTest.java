package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RefusingAddress;
import io.scrimplb.proxy.partners.SilentAddress;
import io.scrimplb.proxy.partners.TcpEchoOrigin;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.telemetry.AccessRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Raw sessions: every byte both ways, each direction ending on its own. */
@Timeout(120)
class TcpTest {
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final long SEED = 11;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final TcpEchoOrigin echo = proxy.with(new TcpEchoOrigin());

    private RawClient connect() {
        return proxy.with(RawClient.connect(proxy.address("raw")));
    }

    private AcceptingSocket origin(AcceptingSocket.ConnectionHandler handler) {
        return proxy.with(AcceptingSocket.start("TcpTest origin", handler));
    }

    @EveryTransport
    void bytesGoBothWays(Transport transport) throws Exception {
        proxy.on(transport).start(SpecBuilder.tcpTo(echo.address()));
        RawClient client = connect();

        for (int i = 0; i < 20; i++) {
            client.send("hello\0\r\n\u00ff" + i % 10);
            assertThat(client.exactText(10)).isEqualTo("hello\0\r\n\u00ff" + i % 10);
        }
        assertThat(proxy.server().activeExchanges()).isEqualTo(1);
    }

    @Test
    void anOriginThatSpeaksFirstIsHeard() throws Exception {
        AcceptingSocket greeting = origin((socket, number) -> {
            socket.getOutputStream().write("220 ready\r\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            socket.getInputStream().read();
        });
        proxy.start(SpecBuilder.tcpTo(greeting.address()));

        assertThat(connect().exactText(11)).isEqualTo("220 ready\r\n");
    }

    @EveryTransport
    void aClientThatHasEndedItsDirectionStillHears(Transport transport) throws Exception {
        AcceptingSocket counting = origin((socket, number) -> {
            int count = socket.getInputStream().readAllBytes().length;
            socket.getOutputStream().write(("got " + count).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        });
        proxy.on(transport).start(SpecBuilder.tcpTo(counting.address()));
        RawClient client = connect().send("12345").halfClose();

        assertThat(client.untilClosed()).isEqualTo("got 5");
        proxy.awaitNothingInFlight();
    }

    @EveryTransport
    void anOriginThatHasEndedItsDirectionStillHears(Transport transport) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        AcceptingSocket leaving = origin((socket, number) -> {
            socket.getOutputStream().write("bye".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            heard.complete(
                    new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1));
        });
        proxy.on(transport).start(SpecBuilder.tcpTo(leaving.address()));
        RawClient client = connect();

        assertThat(client.untilClosed()).isEqualTo("bye");
        client.send("still here").halfClose();

        assertThat(heard.get(8, TimeUnit.SECONDS)).isEqualTo("still here");
        proxy.awaitNothingInFlight();
    }

    @EveryTransport
    void aClientThatHasEndedItsDirectionHearsALotSlowly(Transport transport) throws Exception {
        long size = 16L << 20;
        AcceptingSocket pouring = origin((socket, number) -> {
            socket.getInputStream().readAllBytes();
            BodyBytes.write(socket.getOutputStream(), SEED, size);
        });
        proxy.on(transport).start(SpecBuilder.tcpTo(pouring.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.address("raw"), BodyBytes.SMALL_SOCKET_BUFFER));
        client.send("12345").halfClose();

        byte[] received = client.reader().rest();

        assertThat(BodyBytes.digest(new ByteArrayInputStream(received))).isEqualTo(BodyBytes.digest(SEED, size));
        proxy.awaitNothingInFlight();
    }

    @EveryTransport
    void aLargeTransferBothWaysAtOnceArrivesWhole(Transport transport) throws Exception {
        long size = 32L << 20;
        proxy.on(transport).start(SpecBuilder.tcpTo(echo.address()));
        RawClient client = connect();
        CompletableFuture<String> sent = CompletableFuture.supplyAsync(() -> {
            try {
                String digest = BodyBytes.write(client.out(), SEED, size);
                client.halfClose();
                return digest;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        String received = BodyBytes.digest(new InputStream() {
            @Override
            public int read() throws IOException {
                return client.reader().read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return client.reader().read(target, offset, length);
            }
        });

        assertThat(received).isEqualTo(sent.get(30, TimeUnit.SECONDS)).isEqualTo(BodyBytes.digest(SEED, size));
    }

    @EveryTransport
    void everyByteOfBulkAndOfMessagesIsCountedAndLogged(Transport transport) throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.on(transport).start(SpecBuilder.tcpTo(echo.address()));
        byte[] bulk = BodyBytes.of(SEED, (3 << 20) + 1);
        RawClient client = connect();
        CompletableFuture<RawClient> sent = CompletableFuture.supplyAsync(() -> client.sendAsFarAsTaken(bulk));

        assertThat(client.exactly(bulk.length)).isEqualTo(bulk);
        sent.get(8, TimeUnit.SECONDS).send("bye").halfClose();
        assertThat(client.untilClosed()).isEqualTo("bye");

        AccessRecord line = log.next();
        assertThat(line.bytesIn()).isEqualTo(bulk.length + 3);
        assertThat(line.bytesOut()).isEqualTo(bulk.length + 3);
        assertThat(proxy.server().traffic().listeners()).singleElement().satisfies(counted -> {
            assertThat(counted.bytesIn()).isEqualTo(bulk.length + 3);
            assertThat(counted.bytesOut()).isEqualTo(bulk.length + 3);
        });
    }

    @EveryTransport
    void aClientThatStopsReadingStopsTheOrigin(Transport transport) throws Exception {
        long size = 64L << 20;
        AtomicLong written = new AtomicLong();
        AcceptingSocket pouring =
                proxy.with(AcceptingSocket.start("pouring", BodyBytes.SMALL_SOCKET_BUFFER, (socket, number) -> {
                    BodyBytes.write(socket.getOutputStream(), SEED, size, written::set);
                }));
        proxy.on(transport).start(SpecBuilder.tcpTo(pouring.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.address("raw"), BodyBytes.SMALL_SOCKET_BUFFER));

        assertThat(Plateau.of(written)).isLessThan(10L << 20);

        byte[] received = client.reader().rest();
        assertThat(BodyBytes.digest(new ByteArrayInputStream(received))).isEqualTo(BodyBytes.digest(SEED, size));
    }

    @EveryTransport
    void anOriginThatStopsReadingStopsTheClient(Transport transport) throws Exception {
        long size = 64L << 20;
        CountDownLatch read = new CountDownLatch(1);
        CompletableFuture<String> received = new CompletableFuture<>();
        AcceptingSocket stopping =
                proxy.with(AcceptingSocket.start("stopping", BodyBytes.SMALL_SOCKET_BUFFER, (socket, number) -> {
                    try {
                        assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    received.complete(BodyBytes.digest(socket.getInputStream()));
                }));
        proxy.on(transport).start(SpecBuilder.tcpTo(stopping.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.address("raw"), BodyBytes.SMALL_SOCKET_BUFFER));
        AtomicLong written = new AtomicLong();
        CompletableFuture<String> sent = CompletableFuture.supplyAsync(() -> {
            try {
                String digest = BodyBytes.write(client.out(), SEED, size, written::set);
                client.halfClose();
                return digest;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });

        assertThat(Plateau.of(written)).isLessThan(Plateau.UPLOAD_HELD_AT_MOST);
        read.countDown();
        assertThat(received.get(30, TimeUnit.SECONDS)).isEqualTo(sent.get(30, TimeUnit.SECONDS));
    }

    @Test
    void whatWasSentBeforeAnOriginRefusedIsAnsweredByTheNextOne() throws Exception {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.tcpTo(refusing.address(), echo.address()));

        for (int round = 0; round < 4; round++) {
            RawClient client = connect().send("hello");
            assertThat(client.exactText(5)).isEqualTo("hello");
        }
    }

    @Test
    void anOriginThatDoesNotAnswerAConnectionIsPassedOver() throws Exception {
        SilentAddress silent = proxy.with(SilentAddress.open());
        proxy.start(SpecBuilder.tcpTo(silent.address(), echo.address()).connect(Duration.ofMillis(500)));

        for (int round = 0; round < 2; round++) {
            RawClient client = connect().send("hello");
            assertThat(client.exactText(5)).isEqualTo("hello");
        }
    }

    @Test
    void whenAllRefuseTheConnectionIsClosed() throws Exception {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.tcpTo(refusing.address()));

        assertThat(connect().closedWithin(SOON)).isTrue();
    }

    @Test
    void withoutEndpointsTheConnectionIsClosed() throws Exception {
        proxy.start(SpecBuilder.tcpTo());

        assertThat(connect().closedWithin(SOON)).isTrue();
    }

    @Test
    void sessionsTakeEndpointsInTurn() throws Exception {
        TcpEchoOrigin other = proxy.with(new TcpEchoOrigin());
        proxy.start(SpecBuilder.tcpTo(echo.address(), other.address()));

        for (int i = 0; i < 6; i++) {
            RawClient client = connect().send("x");
            assertThat(client.exactText(1)).isEqualTo("x");
        }

        assertThat(echo.connections()).isEqualTo(3);
        assertThat(other.connections()).isEqualTo(3);
    }

    @Test
    void aClientThatResetsEndsTheOriginsConnection() throws Exception {
        proxy.start(SpecBuilder.tcpTo(echo.address()));
        RawClient client = connect().send("x");
        assertThat(client.exactText(1)).isEqualTo("x");

        client.reset();

        await().atMost(SOON).until(() -> echo.open() == 0);
    }

    @Test
    void anOriginThatDiesEndsTheClientsConnection() throws Exception {
        proxy.start(SpecBuilder.tcpTo(echo.address()));
        RawClient client = connect().send("x");
        assertThat(client.exactText(1)).isEqualTo("x");

        echo.close();

        assertThat(client.closedWithin(SOON)).isTrue();
    }

    @Test
    void aSessionSurvivesASwapThatRemovesItsEndpointAndItsApplication() throws Exception {
        TcpEchoOrigin other = proxy.with(new TcpEchoOrigin());
        proxy.start(SpecBuilder.tcpTo(echo.address()));
        RawClient client = connect().send("x");
        assertThat(client.exactText(1)).isEqualTo("x");

        proxy.swap(SpecBuilder.bare()
                .revision(2)
                .upstream("else", BalancePolicy.ROUND_ROBIN, SpecBuilder.endpoint(other.address(), 1, false))
                .tcp("raw", "else"));

        client.send("still");
        assertThat(client.exactText(5)).isEqualTo("still");
        RawClient next = connect().send("new");
        assertThat(next.exactText(3)).isEqualTo("new");
        assertThat(other.connections()).isEqualTo(1);
    }

    @Test
    void aSessionWithoutAByteEitherWayEnds() throws Exception {
        proxy.start(SpecBuilder.tcpTo(echo.address()).tunnelIdle(Duration.ofMillis(500)));
        RawClient client = connect().send("x");
        assertThat(client.exactText(1)).isEqualTo("x");

        assertThat(client.closedWithin(SOON)).isTrue();
        await().atMost(SOON).until(() -> echo.open() == 0);
    }
}
