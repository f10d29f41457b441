package io.scrimplb.proxy.behaviour;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.H2Client;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Attacks on HTTP/2, each named after its CVE where it has one. A second client is served before, during and after each. */
@Timeout(60)
class Http2AbuseTest {
    /** More than any account of the proxy holds. */
    private static final int FLOOD = 5000;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final CountDownLatch release = new CountDownLatch(1);
    private HttpOrigin origin;
    private H2Client other;
    private H2Client attacker;

    @BeforeEach
    void begin() throws Exception {
        origin = proxy.with(HttpOrigin.start(exchange -> {
            if (exchange.target().equals("/held")) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            exchange.send(200, "fine");
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        other = proxy.with(H2Client.connect(proxy.web()));
        attacker = proxy.with(H2Client.connect(proxy.web()));
        othersAreServed();
    }

    @AfterEach
    void end() throws Exception {
        release.countDown();
        othersAreServed();
    }

    private void othersAreServed() throws Exception {
        assertThat(other.fetch("a.test", "/").text()).isEqualTo("fine");
    }

    /** Sends rounds of frames until the proxy takes no more, serving others meanwhile; tells why it ended the connection. */
    private int flood(int rounds, H2Frame... frames) throws Exception {
        for (int i = 0; i < rounds; i++) {
            if (!attacker.sendAsFarAsTaken(frames)) {
                break;
            }
            if (i % 1000 == 0) {
                othersAreServed();
            }
        }
        return attacker.ended();
    }

    private static byte[] get(String path) {
        return Hpack.block(H2Client.request("GET", "a.test", path));
    }

    @Test
    void cve202344487RapidResetEndsTheConnection() throws Exception {
        boolean taken = true;
        for (int i = 0; i < FLOOD && taken; i++) {
            int stream = attacker.newStream();
            taken = attacker.sendAsFarAsTaken(
                    H2Frame.headers(stream, true, get("/held")), H2Frame.reset(stream, H2Frame.CANCEL));
        }

        assertThat(attacker.ended()).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
        assertThat(origin.requests()).as("requests that reached the origin").isLessThan(300);
    }

    @Test
    void aClientThatCancelsNowAndThenIsServedOn() throws Exception {
        for (int i = 0; i < 150; i++) {
            int stream = attacker.begin("GET", "a.test", "/");
            attacker.send(H2Frame.reset(stream, H2Frame.CANCEL));
        }

        assertThat(attacker.fetch("a.test", "/").text()).isEqualTo("fine");
    }

    @Test
    void cve20258671MadeYouResetByWindowUpdatesOfZeroEndsTheConnection() throws Exception {
        boolean taken = true;
        for (int i = 0; i < FLOOD && taken; i++) {
            int stream = attacker.newStream();
            taken = attacker.sendAsFarAsTaken(
                    H2Frame.headers(stream, true, get("/held")), H2Frame.windowUpdate(stream, 0));
        }

        assertThat(attacker.ended()).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
        assertThat(origin.requests()).isLessThan(300);
    }

    @Test
    void cve20258671MadeYouResetByMalformedTrailersEndsTheConnection() throws Exception {
        boolean taken = true;
        for (int i = 0; i < FLOOD && taken; i++) {
            int stream = attacker.newStream();
            taken = attacker.sendAsFarAsTaken(
                    H2Frame.headers(stream, false, get("/held")),
                    H2Frame.headers(stream, true, Hpack.block(":path: /x")));
        }

        assertThat(attacker.ended()).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve20258671MadeYouResetByWindowOverflowEndsTheConnection() throws Exception {
        boolean taken = true;
        for (int i = 0; i < FLOOD && taken; i++) {
            int stream = attacker.newStream();
            taken = attacker.sendAsFarAsTaken(
                    H2Frame.headers(stream, true, get("/held")), H2Frame.windowUpdate(stream, Integer.MAX_VALUE));
        }

        assertThat(attacker.ended()).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve202427316AContinuationFloodEndsTheConnection() throws Exception {
        int stream = attacker.newStream();
        attacker.send(H2Frame.of(H2Frame.HEADERS, 0, stream, get("/")));

        assertThat(flood(FLOOD, H2Frame.of(H2Frame.CONTINUATION, 0, stream, Hpack.block("x: y"))))
                .isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve202427316EmptyContinuationsEndTheConnection() throws Exception {
        int stream = attacker.newStream();
        attacker.send(H2Frame.of(H2Frame.HEADERS, 0, stream, get("/")));

        assertThat(flood(FLOOD, H2Frame.of(H2Frame.CONTINUATION, 0, stream))).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve202427316ABlockWithoutEndInLargeContinuationsIsBounded() throws Exception {
        int stream = attacker.newStream();
        attacker.send(H2Frame.of(H2Frame.HEADERS, 0, stream, get("/")));
        byte[] large = Hpack.block("x: " + "y".repeat(16_000));

        assertThat(flood(100, H2Frame.of(H2Frame.CONTINUATION, 0, stream, large)))
                .isIn(H2Frame.PROTOCOL_ERROR, H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve20199512APingFloodEndsTheConnection() throws Exception {
        assertThat(flood(FLOOD, H2Frame.ping(1))).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve20199515ASettingsFloodEndsTheConnection() throws Exception {
        assertThat(flood(FLOOD, H2Frame.settings())).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve20199518EmptyDataFramesEndTheConnection() throws Exception {
        int stream = attacker.begin("POST", "a.test", "/held");

        assertThat(flood(FLOOD, H2Frame.data(stream, false))).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void dataFramesOfPaddingAloneEndTheConnection() throws Exception {
        int stream = attacker.begin("POST", "a.test", "/held");

        assertThat(flood(FLOOD, H2Frame.of(H2Frame.DATA, H2Frame.PADDED, stream, (byte) 0)))
                .isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve20199513APriorityFloodEndsTheConnection() throws Exception {
        assertThat(flood(FLOOD, H2Frame.of(H2Frame.PRIORITY, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 3, (byte) 7)))
                .isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void aWindowUpdateFloodEndsTheConnection() throws Exception {
        assertThat(flood(FLOOD, H2Frame.windowUpdate(0, 1))).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void aFloodOfFramesOfUnknownTypesEndsTheConnection() throws Exception {
        assertThat(flood(FLOOD, H2Frame.of(0x77, 0, 0, (byte) 1))).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void cve20199512AClientThatReadsNoAnswersHoldsNoMoreThanABound() throws Exception {
        H2Client deaf = proxy.with(H2Client.small(proxy.web())).answeringNothing();
        boolean taken = true;
        for (int i = 0; i < 20 * FLOOD && taken; i++) {
            taken = deaf.sendAsFarAsTaken(H2Frame.ping(i));
        }

        assertThat(deaf.ended()).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
    }

    @Test
    void anHpackBombIsAnsweredWith431AndTheConnectionGoesOn() throws Exception {
        // One field of 4,000 bytes goes into the table, and then is named 16,000 times with one byte each: 64 MB.
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(get("/"));
        bomb.write(0x40);
        Hpack.integer(bomb, 0, 7, 1);
        bomb.write('x');
        Hpack.integer(bomb, 0, 7, 4000);
        bomb.writeBytes(new byte[4000]);
        byte[] block = Arrays.copyOf(bomb.toByteArray(), 16_384);
        Arrays.fill(block, bomb.size(), block.length, (byte) (0x80 | 62));
        byte[] zeros = new byte[4000];
        Arrays.fill(zeros, (byte) 'z');
        System.arraycopy(zeros, 0, block, bomb.size() - 4000, 4000);
        for (int i = 0; i < 20; i++) {
            int stream = attacker.newStream();
            attacker.send(H2Frame.headers(stream, true, block));
            assertThat(attacker.response(stream).status()).isEqualTo(431);
        }

        assertThat(attacker.fetch("a.test", "/").text())
                .as("the table is in order")
                .isEqualTo("fine");
        assertThat(origin.requests()).isLessThan(10);
    }

    @Test
    void tooManyOrTooLongFieldsAreAnsweredWith431() throws Exception {
        String[] many = new String[120];
        for (int i = 0; i < many.length; i++) {
            many[i] = "x-" + i + ": y";
        }
        assertThat(attacker.fetch("a.test", "/", many).status()).isEqualTo(431);
        int stream = attacker.newStream();
        byte[] block = Hpack.block(H2Client.request("GET", "a.test", "/", "x: " + "y".repeat(40_000)));
        attacker.send(
                H2Frame.of(H2Frame.HEADERS, H2Frame.END_STREAM, stream, Arrays.copyOfRange(block, 0, 16_000)),
                H2Frame.of(H2Frame.CONTINUATION, 0, stream, Arrays.copyOfRange(block, 16_000, 32_000)),
                H2Frame.of(
                        H2Frame.CONTINUATION,
                        H2Frame.END_HEADERS,
                        stream,
                        Arrays.copyOfRange(block, 32_000, block.length)));
        assertThat(attacker.response(stream).status()).isEqualTo(431);
        assertThat(attacker.fetch("a.test", "/").text()).isEqualTo("fine");
    }

    @Test
    void moreStreamsThanAreAllowedAreRefusedAndMayBeTriedAgain() throws Exception {
        int[] streams = new int[160];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = attacker.get("a.test", "/held");
        }
        int refused = 0;
        for (int stream : Arrays.copyOfRange(streams, 128, 160)) {
            refused += attacker.response(stream).reset() == H2Frame.REFUSED_STREAM ? 1 : 0;
        }
        assertThat(refused).isEqualTo(32);
        release.countDown();
        for (int stream : Arrays.copyOfRange(streams, 0, 128)) {
            assertThat(attacker.response(stream).text()).isEqualTo("fine");
        }
        assertThat(attacker.fetch("a.test", "/").text()).isEqualTo("fine");
    }

    @Test
    void aTableLargerThanAllowedEndsTheConnection() throws Exception {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        Hpack.integer(block, 0x20, 5, 1 << 20);
        block.writeBytes(get("/"));
        attacker.send(H2Frame.headers(attacker.newStream(), true, block.toByteArray()));

        assertThat(attacker.ended()).isEqualTo(H2Frame.COMPRESSION_ERROR);
    }

    @Test
    void cve20199511WindowsGivenBackByteByByteEndTheConnection() throws Exception {
        HttpOrigin large = proxy.with(HttpOrigin.start(exchange -> exchange.send(200, "x".repeat(100_000))));
        proxy.swap(SpecBuilder.webTo(large.address()));
        H2Client dribbler = proxy.with(H2Client.connect(proxy.web(), H2Frame.INITIAL_WINDOW_SIZE, 1))
                .keepingWindows();
        int stream = dribbler.get("a.test", "/");
        boolean taken = true;
        for (int i = 0; i < FLOOD && taken; i++) {
            taken = dribbler.sendAsFarAsTaken(H2Frame.windowUpdate(stream, 1));
        }

        assertThat(dribbler.ended()).isIn(H2Frame.ENHANCE_YOUR_CALM, -1);
        proxy.swap(SpecBuilder.webTo(origin.address()));
    }

    @Test
    void aWindowThatIsNeverOpenedIsWaitedForOnlySoLong() throws Exception {
        HttpOrigin large = proxy.with(HttpOrigin.start(exchange -> exchange.send(200, "x".repeat(100_000))));
        proxy.swap(SpecBuilder.webTo(large.address()).clientIdle(Duration.ofMillis(500)));
        H2Client miser = proxy.with(H2Client.connect(proxy.web(), H2Frame.INITIAL_WINDOW_SIZE, 0))
                .keepingWindows();

        assertThat(miser.response(miser.get("a.test", "/")).reset()).isEqualTo(H2Frame.CANCEL);
        proxy.swap(SpecBuilder.webTo(origin.address()));
        other = proxy.with(H2Client.connect(proxy.web()));
        proxy.awaitNothingInFlight();
    }

    @Test
    void aFieldBlockThatNeverEndsIsWaitedForOnlySoLong() throws Exception {
        proxy.swap(SpecBuilder.webTo(origin.address()).clientHeader(Duration.ofMillis(300)));
        H2Client slow = proxy.with(H2Client.connect(proxy.web()));
        slow.stillServes();
        slow.send(H2Frame.of(H2Frame.HEADERS, 0, 1, get("/")));

        assertThat(slow.ended()).isIn(H2Frame.NO_ERROR, -1);
        H2Client half = proxy.with(H2Client.silent(proxy.web(), 0)).answeringNothing();
        half.raw("PRI * HTTP/2.0\r\n\r\nSM".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(half.ended()).isIn(H2Frame.NO_ERROR, -1);
    }

    @Test
    void aPrefaceThatTricklesIsNoBetterThanOneThatStalls() throws Exception {
        proxy.swap(SpecBuilder.webTo(origin.address()).clientHeader(Duration.ofSeconds(1)));
        H2Client slow = proxy.with(H2Client.silent(proxy.web(), 0)).answeringNothing();
        // So much of it makes the connection one of HTTP/2.
        slow.raw("PRI * HTTP/2.0\r\n\r\n".getBytes(US_ASCII));
        assertThat(endsBeforeAllIsSent(slow, "SM\r\n\r\n".getBytes(US_ASCII))).isTrue();

        H2Client ahead = proxy.with(H2Client.silent(proxy.web(), 0)).answeringNothing();
        // The head of a frame of data, which may take its time, but not before the SETTINGS.
        ahead.preface().raw((byte) 0, (byte) 1, (byte) 0, (byte) H2Frame.DATA);
        assertThat(endsBeforeAllIsSent(ahead, new byte[6])).isTrue();
    }

    /** Sends a byte every now and then; whether the connection ends while there are some left. */
    private static boolean endsBeforeAllIsSent(H2Client client, byte[] bytes) throws Exception {
        CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
            try {
                return client.ended();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (byte each : bytes) {
            try {
                client.raw(each);
                end.get(700, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException open) {
                // The next byte is due.
            } catch (IOException closed) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anIdleConnectionIsEndedWhateverPingsItSends() throws Exception {
        proxy.swap(SpecBuilder.webTo(origin.address()).clientIdle(Duration.ofMillis(400)));
        H2Client idle = proxy.with(H2Client.connect(proxy.web()));
        idle.stillServes();
        idle.send(H2Frame.ping(1));

        assertThat(idle.ended()).isEqualTo(H2Frame.NO_ERROR);
        other = proxy.with(H2Client.connect(proxy.web()));
    }

    @Test
    void aBodyThatStopsInTheMiddleIsWaitedForOnlySoLong() throws Exception {
        RecordingOrigin recording = proxy.with(RecordingOrigin.start());
        proxy.swap(SpecBuilder.webTo(recording.address()).clientIdle(Duration.ofMillis(500)));
        H2Client stopper = proxy.with(H2Client.connect(proxy.web()));
        int stream = stopper.begin("POST", "a.test", "/");
        stopper.send(H2Frame.data(stream, false, "half"));

        assertThat(stopper.response(stream).status()).isEqualTo(408);
        proxy.swap(SpecBuilder.webTo(origin.address()));
        other = proxy.with(H2Client.connect(proxy.web()));
    }
}
