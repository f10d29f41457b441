package io.scrimplb.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.scrimplb.proxy.tls.ClientHelloReader.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8446, 4.1.2 and 5.1, RFC 6066, 3, RFC 7301, RFC 8701. */
final class ClientHelloReaderTest {
    private static final int MUTATIONS = 20_000;

    private record Verdict(State state, ClientHello hello) {}

    private static Verdict read(byte[] bytes) {
        ClientHelloReader reader = new ClientHelloReader();
        State state = reader.read(Unpooled.wrappedBuffer(bytes));
        return new Verdict(state, state == State.COMPLETE ? reader.hello() : null);
    }

    /** In pieces of that size, at the end of a buffer that began with something else. */
    private static Verdict readInPieces(byte[] bytes, int size) {
        ClientHelloReader reader = new ClientHelloReader();
        ByteBuf in = Unpooled.buffer().writeZero(7).skipBytes(7);
        State state = State.INCOMPLETE;
        for (int at = 0; at < bytes.length && state == State.INCOMPLETE; at += size) {
            in.writeBytes(bytes, at, Math.min(size, bytes.length - at));
            state = reader.read(in);
        }
        return new Verdict(state, state == State.COMPLETE ? reader.hello() : null);
    }

    @Test
    void readsWhatABrowserSays() {
        ClientHello hello = read(Hellos.browser("Www.Example.COM").record()).hello();

        assertThat(hello.serverName()).isEqualTo("www.example.com");
        assertThat(hello.protocols()).containsExactly("h2", "http/1.1");
        assertThat(hello.version13()).isTrue();
        assertThat(hello.cipherSuites()).contains(0x1301, 0xc02b);
        assertThat(hello.signatureSchemes()).containsExactly(0x0403, 0x0804, 0x0401);
        assertThat(hello.groups()).contains(0x11ec, 29);
    }

    @Test
    void readsWhatTheJdkSays() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("host.example")));
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        ClientHello hello = read(Arrays.copyOf(out.array(), out.position())).hello();

        assertThat(hello.serverName()).isEqualTo("host.example");
        assertThat(hello.protocols()).containsExactly("http/1.1");
        assertThat(hello.version13()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 100, 1000})
    void recordsAndSegmentsMayCutItAnywhere(int size) {
        Hellos hello = Hellos.browser("example.com");
        ClientHello whole = read(hello.record()).hello();

        assertThat(readInPieces(hello.record(), size).hello()).isEqualTo(whole);
        assertThat(read(hello.records(size)).hello()).isEqualTo(whole);
        assertThat(readInPieces(hello.records(size), size).hello()).isEqualTo(whole);
    }

    @Test
    void bytesBehindItAreNotItsBusiness() {
        byte[] bytes = Hellos.join(Hellos.browser("example.com").record(), new byte[] {20, 3, 3, 0, 1, 1});

        assertThat(read(bytes).state()).isEqualTo(State.COMPLETE);
    }

    @Test
    void aClientWithoutExtensionsNamesNothing() {
        ClientHello hello = read(Hellos.hello().record()).hello();

        assertThat(hello.serverName()).isNull();
        assertThat(hello.protocols()).isEmpty();
        assertThat(hello.version13()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.com., example.com",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "a_b.example, a_b.example",
        "127.0.0.1,",
        "::1,",
        "[::1],",
        "12,",
        ".,",
        ".example.com,",
        "a..b,",
        "a.b..,",
        "a b,",
        "*.example.com,",
        "a\0.example,",
        "example.com/,",
        "bücher.example,"
    })
    void aNameIsAHostNameOrNone(String named, String understood) {
        assertThat(read(Hellos.hello().serverName(named).record()).hello().serverName())
                .isEqualTo(understood);
    }

    @Test
    void aNameLongerThanTheDnsAllowsIsNone() {
        String longest = "a.".repeat(126) + "b";

        assertThat(read(Hellos.hello().serverName(longest).record()).hello().serverName())
                .isEqualTo(longest);
        assertThat(read(Hellos.hello().serverName("aa" + longest).record())
                        .hello()
                        .serverName())
                .isNull();
    }

    @Test
    void anExtensionThatDecidesMayNotComeTwice() {
        Hellos twice = Hellos.hello().serverName("a.example").serverName("b.example");
        Hellos unknownTwice = Hellos.hello().extension(99, new byte[2]).extension(99, new byte[2]);

        assertThat(read(twice.record()).state()).isEqualTo(State.MALFORMED);
        assertThat(read(unknownTwice.record()).state()).isEqualTo(State.COMPLETE);
    }

    @Test
    void oneNameMayBeAskedForAndNoMore() {
        byte[] name = Hellos.join(new byte[] {0}, Hellos.list(2, new byte[] {'a'}));
        Hellos two = Hellos.hello().extension(0, Hellos.list(2, Hellos.join(name, name)));
        Hellos none = Hellos.hello().extension(0, Hellos.list(2, new byte[0]));
        Hellos empty = Hellos.hello().extension(0, new byte[0]);
        Hellos nameless = Hellos.hello().serverName("");

        for (Hellos wrong : List.of(two, none, empty, nameless)) {
            assertThat(read(wrong.record()).state()).isEqualTo(State.MALFORMED);
        }
    }

    @Test
    void onlyTheChallengesProtocolAloneIsAChallenge() {
        assertThat(read(Hellos.hello().protocols("acme-tls/1").record()).hello().isAcmeChallenge())
                .isTrue();
        assertThat(read(Hellos.hello().protocols("acme-tls/1", "h2").record())
                        .hello()
                        .isAcmeChallenge())
                .isFalse();
        assertThat(read(Hellos.hello().record()).hello().isAcmeChallenge()).isFalse();
    }

    @Test
    void everyLengthThatLiesIsRefused() {
        byte[] message = Hellos.browser("example.com").message();
        ClientHello right = read(Hellos.records(message, Integer.MAX_VALUE)).hello();
        int refused = 0;
        for (int at = 4; at < message.length; at++) {
            for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                byte[] changed = message.clone();
                changed[at] = (byte) value;
                Verdict verdict = read(Hellos.records(changed, Integer.MAX_VALUE));
                assertThat(verdict.state()).as("byte %d as %d", at, value).isIn(State.COMPLETE, State.MALFORMED);
                refused += verdict.state() == State.MALFORMED ? 1 : 0;
            }
        }
        assertThat(refused).isGreaterThan(50);
        assertThat(right).isNotNull();
    }

    @Test
    void aMessageCutShortIsRefused() {
        byte[] message = Hellos.browser("example.com").message();
        for (int length = 4; length < message.length; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            cut[1] = 0;
            cut[2] = (byte) (length - 4 >> 8);
            cut[3] = (byte) (length - 4);
            // It may end behind the compression methods, as clients before RFC 3546 do.
            State expected = length == 4 + 2 + 32 + 33 + 14 + 2 ? State.COMPLETE : State.MALFORMED;
            assertThat(read(Hellos.records(cut, Integer.MAX_VALUE)).state())
                    .as("cut to %d", length)
                    .isEqualTo(expected);
        }
    }

    @Test
    void isBounded() {
        byte[] announced = {22, 3, 1, 0, 4, 1, 0, 64, 1};
        byte[] wide = {22, 3, 1, 64, 0};
        byte[] crumbs = Hellos.hello().extension(21, new byte[4000]).records(1);

        assertThat(read(announced).state()).isEqualTo(State.TOO_LARGE);
        assertThat(read(wide).state()).isEqualTo(State.TOO_LARGE);
        assertThat(readInPieces(crumbs, 500).state()).isEqualTo(State.TOO_LARGE);
    }

    static List<Arguments> otherBeginnings() {
        return List.of(
                Arguments.of("GET / HTTP/1.1", State.CLEAR_TEXT),
                Arguments.of("PRI * HTTP/2.0", State.CLEAR_TEXT),
                Arguments.of("ssh", State.CLEAR_TEXT),
                Arguments.of("\u0080\u002e\u0001\u0003\u0001", State.FOREIGN),
                Arguments.of("\u0000", State.FOREIGN),
                Arguments.of("\u0015\u0003\u0001\u0000\u0002", State.FOREIGN),
                Arguments.of("\u0016\u0002\u0000\u0000\u0001", State.MALFORMED),
                Arguments.of("\u0016\u0003\u0001\u0000\u0000", State.MALFORMED),
                Arguments.of("\u0016\u0003\u0001\u0000\u0004\u0002\u0000\u0000\u0000", State.MALFORMED),
                Arguments.of("\u0016\u0003\u0001", State.INCOMPLETE),
                Arguments.of("", State.INCOMPLETE));
    }

    @ParameterizedTest
    @MethodSource("otherBeginnings")
    void tellsWhatIsNoClientHello(String begins, State state) {
        assertThat(read(begins.getBytes(StandardCharsets.ISO_8859_1)).state()).isEqualTo(state);
    }

    @Test
    void anotherRecordInTheMiddleIsRefused() {
        byte[] records = Hellos.browser("example.com").records(100);
        records[105] = 21;

        assertThat(read(records).state()).isEqualTo(State.MALFORMED);
    }

    /** Whatever comes: no exception, and the same verdict however it is cut. */
    @Test
    void randomChangesNeverThrowAndCutsNeverMatter() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[][] seeds = {
            Hellos.browser("example.com").record(),
            Hellos.browser("example.com").records(60),
            Hellos.hello().serverName("a.example").protocols("acme-tls/1").record()
        };
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                // Lengths stand in the front; the key share's bytes at the end mean nothing here.
                bytes[random.nextInt(Math.min(bytes.length, 300))] = (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            Verdict whole = read(bytes);
            assertThat(readInPieces(bytes, 1 + random.nextInt(50)))
                    .as("seed %d, input %d", seed, i)
                    .isEqualTo(bytes.length == 0 ? new Verdict(State.INCOMPLETE, null) : whole);
        }
    }
}
