package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.H2Client;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.partners.HttpOrigin;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What RFC 9113 and RFC 7541 demand of a server, section by section: the cases of h2spec (summerwind/h2spec), rebuilt. A stream
 * error may be taken for an error of the connection (RFC 9113, 5.4.2), and a connection may end without a word (5.4.1).
 */
@Timeout(60)
class Http2ConformanceTest {
    private static final int ANY = -2;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private static Arguments refused(String section, List<H2Frame> frames, Integer... codes) {
        return Arguments.of(section, frames, List.of(codes));
    }

    private static byte[] get(String... more) {
        return Hpack.block(H2Client.request("GET", "a.test", "/", more));
    }

    private static byte[] post(String... more) {
        return Hpack.block(H2Client.request("POST", "a.test", "/", more));
    }

    private static byte[] padded(int padding, byte... bytes) {
        byte[] payload = new byte[bytes.length + 1];
        payload[0] = (byte) padding;
        System.arraycopy(bytes, 0, payload, 1, bytes.length);
        return payload;
    }

    static Stream<Arguments> violations() {
        byte[] five = {0, 0, 0, 1, 0};
        byte[] onItself = {0, 0, 0, 1, 7};
        return Stream.of(
                        List.of(
                                refused(
                                        "4.1 a frame type that carries a stream on stream 0",
                                        List.of(H2Frame.data(0, true, "x")),
                                        1),
                                refused(
                                        "4.2 a DATA frame that is too large",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.data(1, true, new byte[16_385])),
                                        6),
                                refused(
                                        "4.2 a HEADERS frame that is too large",
                                        List.of(H2Frame.headers(1, true, Arrays.copyOf(get(), 16_385))),
                                        6),
                                refused(
                                        "4.3 a field block that is none",
                                        List.of(H2Frame.headers(1, true, (byte) 0x80, (byte) 0x01, (byte) 0x7f)),
                                        9),
                                refused(
                                        "4.3 a PRIORITY frame inside a field block",
                                        List.of(
                                                H2Frame.of(H2Frame.HEADERS, 1, 1, get()),
                                                H2Frame.of(H2Frame.PRIORITY, 0, 1, five)),
                                        1),
                                refused(
                                        "4.3 HEADERS of another stream inside a field block",
                                        List.of(
                                                H2Frame.of(H2Frame.HEADERS, 1, 1, get()),
                                                H2Frame.headers(3, true, get())),
                                        1),
                                refused("5.1 DATA on an idle stream", List.of(H2Frame.data(1, true, "x")), 1, 5),
                                refused("5.1 RST_STREAM on an idle stream", List.of(H2Frame.reset(1, 8)), 1),
                                refused(
                                        "5.1 WINDOW_UPDATE on an idle stream",
                                        List.of(H2Frame.windowUpdate(1, 100)),
                                        1),
                                refused(
                                        "5.1 CONTINUATION on an idle stream",
                                        List.of(H2Frame.of(H2Frame.CONTINUATION, 4, 1, get())),
                                        1),
                                refused(
                                        "5.1 DATA behind the end of a stream",
                                        List.of(H2Frame.headers(1, true, get()), H2Frame.data(1, true, "x")),
                                        5),
                                refused(
                                        "5.1 HEADERS behind the end of a stream",
                                        List.of(H2Frame.headers(1, true, get()), H2Frame.headers(1, true, get())),
                                        5),
                                refused(
                                        "5.1 CONTINUATION behind the end of a stream",
                                        List.of(
                                                H2Frame.headers(1, true, get()),
                                                H2Frame.of(H2Frame.CONTINUATION, 4, 1, get())),
                                        1,
                                        5),
                                refused(
                                        "5.1 DATA behind a reset",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.reset(1, 8),
                                                H2Frame.data(1, true, "x")),
                                        5),
                                refused(
                                        "5.1 HEADERS behind a reset",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.reset(1, 8),
                                                H2Frame.headers(1, true, get())),
                                        5),
                                refused(
                                        "5.1.1 a stream of an even number",
                                        List.of(H2Frame.headers(2, true, get())),
                                        1),
                                refused(
                                        "5.1.1 a stream out of order",
                                        List.of(H2Frame.headers(5, true, get()), H2Frame.headers(3, true, get())),
                                        1),
                                refused(
                                        "5.3.1 HEADERS that depend on themselves",
                                        List.of(H2Frame.of(H2Frame.HEADERS, 0x25, 1, Hpack.concat(onItself, get()))),
                                        1),
                                refused(
                                        "5.3.1 a PRIORITY that depends on itself",
                                        List.of(H2Frame.of(H2Frame.PRIORITY, 0, 1, onItself)),
                                        1)),
                        List.of(
                                refused(
                                        "6.1 padding longer than its DATA",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.of(H2Frame.DATA, H2Frame.PADDED | 1, 1, padded(9, (byte) 'x'))),
                                        1),
                                refused(
                                        "6.2 padding longer than its HEADERS",
                                        List.of(H2Frame.of(H2Frame.HEADERS, H2Frame.PADDED | 5, 1, padded(250, get()))),
                                        1),
                                refused("6.2 HEADERS on stream 0", List.of(H2Frame.headers(0, true, get())), 1),
                                refused(
                                        "6.2 second HEADERS without an end",
                                        List.of(H2Frame.headers(1, false, post()), H2Frame.headers(1, false, get())),
                                        1),
                                refused(
                                        "6.3 PRIORITY on stream 0",
                                        List.of(H2Frame.of(H2Frame.PRIORITY, 0, 0, five)),
                                        1),
                                refused(
                                        "6.3 a PRIORITY that is too short",
                                        List.of(H2Frame.of(H2Frame.PRIORITY, 0, 1, (byte) 0)),
                                        6),
                                refused("6.4 RST_STREAM on stream 0", List.of(H2Frame.reset(0, 8)), 1),
                                refused(
                                        "6.4 a RST_STREAM that is too short",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.of(H2Frame.RST_STREAM, 0, 1, (byte) 0)),
                                        6),
                                refused(
                                        "6.5 an acknowledgement with a payload",
                                        List.of(H2Frame.of(H2Frame.SETTINGS, 1, 0, new byte[6])),
                                        6),
                                refused(
                                        "6.5 SETTINGS on a stream",
                                        List.of(H2Frame.of(H2Frame.SETTINGS, 0, 1, new byte[6])),
                                        1),
                                refused(
                                        "6.5 SETTINGS of an odd length",
                                        List.of(H2Frame.of(H2Frame.SETTINGS, 0, 0, new byte[5])),
                                        6),
                                refused("6.5.2 ENABLE_PUSH other than 0 and 1", List.of(H2Frame.settings(2, 2)), 1),
                                refused(
                                        "6.5.2 a window larger than there may be",
                                        List.of(H2Frame.settings(4, Integer.MIN_VALUE)),
                                        3),
                                refused(
                                        "6.5.2 a frame size that is too small",
                                        List.of(H2Frame.settings(5, 16_383)),
                                        1),
                                refused(
                                        "6.5.2 a frame size that is too large",
                                        List.of(H2Frame.settings(5, 1 << 24)),
                                        1),
                                refused(
                                        "6.6 PUSH_PROMISE of a client",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.of(
                                                        H2Frame.PUSH_PROMISE,
                                                        4,
                                                        1,
                                                        Hpack.concat(new byte[] {0, 0, 0, 2}, get()))),
                                        1),
                                refused(
                                        "6.7 PING on a stream",
                                        List.of(H2Frame.of(H2Frame.PING, 0, 1, new byte[8])),
                                        1),
                                refused(
                                        "6.7 a PING that is too short",
                                        List.of(H2Frame.of(H2Frame.PING, 0, 0, new byte[6])),
                                        6),
                                refused(
                                        "6.8 GOAWAY on a stream",
                                        List.of(H2Frame.of(H2Frame.GOAWAY, 0, 1, new byte[8])),
                                        1),
                                refused(
                                        "6.9 WINDOW_UPDATE of nothing for the connection",
                                        List.of(H2Frame.windowUpdate(0, 0)),
                                        1),
                                refused(
                                        "6.9 WINDOW_UPDATE of nothing for a stream",
                                        List.of(H2Frame.headers(1, false, post()), H2Frame.windowUpdate(1, 0)),
                                        1),
                                refused(
                                        "6.9 a WINDOW_UPDATE that is too short",
                                        List.of(H2Frame.of(H2Frame.WINDOW_UPDATE, 0, 0, new byte[3])),
                                        6),
                                refused(
                                        "6.9.1 a window of the connection that overflows",
                                        List.of(H2Frame.windowUpdate(0, Integer.MAX_VALUE)),
                                        3),
                                refused(
                                        "6.9.1 a window of a stream that overflows",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.windowUpdate(1, Integer.MAX_VALUE)),
                                        3),
                                refused(
                                        "6.9.2 SETTINGS that overflow a window",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.windowUpdate(1, Integer.MAX_VALUE - 65_535),
                                                H2Frame.settings(4, 65_536)),
                                        3),
                                refused(
                                        "6.10 CONTINUATION on another stream",
                                        List.of(
                                                H2Frame.of(H2Frame.HEADERS, 1, 1, get()),
                                                H2Frame.of(H2Frame.CONTINUATION, 4, 3, get())),
                                        1),
                                refused(
                                        "6.10 CONTINUATION behind the end of a block",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.of(H2Frame.CONTINUATION, 4, 1, get())),
                                        1),
                                refused(
                                        "6.10 DATA inside a field block",
                                        List.of(H2Frame.of(H2Frame.HEADERS, 0, 1, post()), H2Frame.data(1, true, "x")),
                                        1)),
                        List.of(
                                refused(
                                        "8.1 trailers that do not end the stream",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.headers(1, false, Hpack.block("x: y"))),
                                        1),
                                refused(
                                        "8.1 pseudo-header fields in trailers",
                                        List.of(
                                                H2Frame.headers(1, false, post()),
                                                H2Frame.headers(1, true, Hpack.block(":method: GET"))),
                                        1),
                                refused(
                                        "8.1.1 less data than announced",
                                        List.of(
                                                H2Frame.headers(1, false, post("content-length: 5")),
                                                H2Frame.data(1, true, "four")),
                                        1),
                                refused(
                                        "8.1.1 more data than announced",
                                        List.of(
                                                H2Frame.headers(1, false, post("content-length: 3")),
                                                H2Frame.data(1, true, "four")),
                                        1),
                                refused(
                                        "8.1.1 less data in several frames",
                                        List.of(
                                                H2Frame.headers(1, false, post("content-length: 9")),
                                                H2Frame.data(1, false, "four"),
                                                H2Frame.data(1, true, "four")),
                                        1),
                                refused(
                                        "8.1.1 a trailer before the data is there",
                                        List.of(
                                                H2Frame.headers(1, false, post("content-length: 9")),
                                                H2Frame.data(1, false, "four"),
                                                H2Frame.headers(1, true, Hpack.block("x: y"))),
                                        1),
                                refused(
                                        "8.2.1 a name in upper case",
                                        List.of(H2Frame.headers(1, true, get("X-Upper: y"))),
                                        1),
                                refused(
                                        "8.2.1 a value with a line end",
                                        List.of(H2Frame.headers(
                                                1, true, Hpack.concat(get(), Hpack.field("x", "a\r\nb: c")))),
                                        1),
                                refused(
                                        "8.2.1 a name with a colon",
                                        List.of(H2Frame.headers(1, true, Hpack.concat(get(), Hpack.field("x:y", "z")))),
                                        1),
                                refused(
                                        "8.2.2 a field of an HTTP/1.1 connection",
                                        List.of(H2Frame.headers(1, true, get("connection: keep-alive"))),
                                        1),
                                refused(
                                        "8.2.2 transfer-encoding",
                                        List.of(H2Frame.headers(1, false, post("transfer-encoding: chunked"))),
                                        1),
                                refused(
                                        "8.2.2 te other than trailers",
                                        List.of(H2Frame.headers(1, true, get("te: trailers, deflate"))),
                                        1),
                                refused(
                                        "8.3 an unknown pseudo-header field",
                                        List.of(H2Frame.headers(
                                                1, true, Hpack.concat(Hpack.field(":test", "x"), get()))),
                                        1),
                                refused(
                                        "8.3 a pseudo-header field of responses",
                                        List.of(H2Frame.headers(
                                                1, true, Hpack.concat(Hpack.field(":status", "200"), get()))),
                                        1),
                                refused(
                                        "8.3 a pseudo-header field behind a regular one",
                                        List.of(H2Frame.headers(1, true, Hpack.concat(Hpack.field("x", "y"), get()))),
                                        1),
                                refused(
                                        "8.3.1 an empty path",
                                        List.of(H2Frame.headers(
                                                1, true, Hpack.block(H2Client.request("GET", "a.test", "")))),
                                        1),
                                refused(
                                        "8.3.1 no method",
                                        List.of(H2Frame.headers(1, true, Hpack.block(":scheme: http", ":path: /"))),
                                        1),
                                refused(
                                        "8.3.1 no scheme",
                                        List.of(H2Frame.headers(1, true, Hpack.block(":method: GET", ":path: /"))),
                                        1),
                                refused(
                                        "8.3.1 no path",
                                        List.of(H2Frame.headers(1, true, Hpack.block(":method: GET", ":scheme: http"))),
                                        1),
                                refused(
                                        "8.3.1 a method twice",
                                        List.of(H2Frame.headers(
                                                1, true, Hpack.concat(Hpack.field(":method", "GET"), get()))),
                                        1),
                                refused(
                                        "HPACK 2.3.3 an index that is not in the table",
                                        List.of(H2Frame.headers(
                                                1, true, Hpack.concat(get(), new byte[] {(byte) 0xff, 0x20}))),
                                        9),
                                refused(
                                        "HPACK 4.2 a table size at the end of a block",
                                        List.of(H2Frame.headers(1, true, Hpack.concat(get(), new byte[] {0x20}))),
                                        9),
                                refused(
                                        "HPACK 5.2 Huffman padding that is too long",
                                        List.of(H2Frame.headers(1, true, Hpack.concat(get(), new byte[] {
                                            0,
                                            1,
                                            'x',
                                            (byte) 0x85,
                                            (byte) 0xf2,
                                            (byte) 0xb2,
                                            0x4a,
                                            (byte) 0x84,
                                            (byte) 0xff,
                                            (byte) 0xff,
                                            (byte) 0xff
                                        }))),
                                        9,
                                        ANY),
                                refused(
                                        "HPACK 6.1 index 0",
                                        List.of(H2Frame.headers(
                                                1, true, Hpack.concat(get(), new byte[] {(byte) 0x80}))),
                                        9),
                                refused(
                                        "HPACK 6.3 a table size over the limit",
                                        List.of(H2Frame.headers(
                                                1, true, Hpack.concat(new byte[] {0x3f, (byte) 0xe2, 0x1f}, get()))),
                                        9)))
                .flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void aViolationIsRefused(String section, List<H2Frame> frames, List<Integer> codes) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.body().transferTo(java.io.OutputStream.nullOutputStream());
            exchange.send(200, "ok");
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = proxy.with(H2Client.connect(proxy.web()));
        client.stillServes();

        client.sendAsFarAsTaken(frames.toArray(H2Frame[]::new));

        assertThat(codeOfTheEnd(client, codes)).as(section).isIn(codes.toArray());
        try (H2Client other = H2Client.connect(proxy.web())) {
            assertThat(other.fetch("a.test", "/").text()).isEqualTo("ok");
        }
    }

    /** The code with which a stream or the connection ended; the first wanted one when it ended without a word. */
    private static int codeOfTheEnd(H2Client client, List<Integer> codes) throws IOException {
        int last = codes.get(0);
        try {
            while (true) {
                H2Frame frame = client.next();
                if (frame.is(H2Frame.RST_STREAM) || frame.is(H2Frame.GOAWAY)) {
                    last = frame.errorCode();
                    if (codes.contains(last)) {
                        return last;
                    }
                }
            }
        } catch (EOFException | SocketException closed) {
            return last;
        }
    }

    @Test
    void whatIsUnusualAndRightIsServed() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.body().transferTo(java.io.OutputStream.nullOutputStream());
            exchange.send(200, "ok");
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = proxy.with(H2Client.connect(proxy.web()));
        byte[] block = get();
        client.newStream();

        // 4.1: unknown types and flags; 5.5: unknown settings; 6.3: PRIORITY on any stream; 6.7: a PING is answered.
        client.send(
                H2Frame.of(0x16, 0, 0, new byte[8]),
                H2Frame.settings(0xff, 1),
                H2Frame.of(H2Frame.PRIORITY, 0, 7, (byte) 0, (byte) 0, (byte) 0, (byte) 5, (byte) 1));
        client.stillServes();
        // 6.2: padding and priority in HEADERS, the block in pieces; 6.1: padding in DATA.
        client.send(
                H2Frame.of(
                        H2Frame.HEADERS,
                        H2Frame.PADDED | H2Frame.HAS_PRIORITY,
                        1,
                        Hpack.concat(
                                new byte[] {3, 0, 0, 0, 0, 15}, Arrays.copyOfRange(block, 0, 9), new byte[] {0, 0, 0})),
                H2Frame.of(H2Frame.CONTINUATION, 0, 1, Arrays.copyOfRange(block, 9, 20)),
                H2Frame.of(H2Frame.CONTINUATION, H2Frame.END_HEADERS, 1, Arrays.copyOfRange(block, 20, block.length)),
                H2Frame.of(H2Frame.DATA, H2Frame.PADDED | H2Frame.END_STREAM, 1, (byte) 2, (byte) 'x', (byte) 0, (byte)
                        0));
        assertThat(client.response(1).text()).isEqualTo("ok");
        // 6.9.2: a window that became negative.
        H2Client tight = proxy.with(H2Client.connect(proxy.web(), H2Frame.INITIAL_WINDOW_SIZE, 1))
                .keepingWindows();
        int stream = tight.get("a.test", "/");
        assertThat(tight.next(H2Frame.DATA, stream).payload()).hasSize(1);
        tight.send(H2Frame.settings(H2Frame.INITIAL_WINDOW_SIZE, 0));
        tight.stillServes();
        tight.send(H2Frame.windowUpdate(stream, 2));
        assertThat(tight.next(H2Frame.DATA, stream).payload()).hasSize(1);
        // 6.8: a client that goes away is still answered.
        int late = client.get("a.test", "/");
        client.send(H2Frame.of(H2Frame.GOAWAY, 0, 0, new byte[8]));
        assertThat(client.response(late).text()).isEqualTo("ok");
    }
}
