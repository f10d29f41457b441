package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.scrimplb.proxy.http.MalformedBodyException;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.spec.LimitSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames cut out of what is read, responses and trailers as field sections, and the accounts of a peer. */
class FramesTest {
    private static final long SECOND = 1_000_000_000L;

    private static final class Cut implements FrameInput.Frames {
        final List<String> frames = new ArrayList<>();

        @Override
        public void frame(int size, byte type, int flags, int streamId) {
            frames.add("told " + size + " " + type + " " + flags + " " + streamId);
        }

        @Override
        public void decode(ByteBuf whole) {
            frames.add("whole " + whole.readableBytes());
            whole.skipBytes(whole.readableBytes());
        }
    }

    private static ByteBuf frame(ByteBuf to, int size, int type, int flags, int stream) {
        return to.writeMedium(size)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeZero(size);
    }

    @Test
    void framesAreCutTheSameHoweverTheyCome() throws Http2Exception {
        ByteBuf all = Unpooled.buffer();
        frame(all, 5, 0, 1, 3);
        frame(all, 0, 4, 1, 0);
        frame(all, 16_384, 0, 0, 0x80000005);
        frame(all, 8, 6, 0, 0);
        Cut whole = new Cut();
        FrameInput atOnce = new FrameInput();
        atOnce.feed(all.duplicate(), whole, UnpooledByteBufAllocator.DEFAULT);
        assertThat(whole.frames)
                .containsExactly(
                        "told 5 0 1 3",
                        "whole 14",
                        "told 0 4 1 0",
                        "whole 9",
                        "told 16384 0 0 5",
                        "whole 16393",
                        "told 8 6 0 0",
                        "whole 17");

        Random random = new Random(42);
        for (int round = 0; round < 24; round++) {
            Cut pieces = new Cut();
            FrameInput input = new FrameInput();
            ByteBuf rest = all.duplicate();
            while (rest.isReadable()) {
                int size = Math.min(rest.readableBytes(), 1 + random.nextInt(round < 4 ? 12 : 20_000));
                input.feed(rest.readSlice(size), pieces, UnpooledByteBufAllocator.DEFAULT);
            }
            assertThat(pieces.frames).isEqualTo(whole.frames);
            assertThat(input.inFrame()).isFalse();
        }
        all.release();
    }

    @Test
    void aFrameThatIsTooLargeIsRefusedBeforeAnyOfItIsKept() {
        ByteBuf large =
                Unpooled.buffer().writeMedium(16_385).writeByte(0).writeByte(0).writeInt(1);
        assertThatThrownBy(() -> new FrameInput().feed(large, new Cut(), UnpooledByteBufAllocator.DEFAULT))
                .isInstanceOf(Http2Exception.class);
        large.release();
    }

    private static List<String> encoded(String head) {
        ResponseHead parsed = new ResponseHead();
        byte[] bytes = head.getBytes(ISO_8859_1);
        assertThat(parsed.parse(bytes, bytes.length, LimitSpec.defaults())).isNull();
        return decoded(new ResponseFields().head(parsed, null));
    }

    private static List<String> decoded(EncodedFields fields) {
        ByteBuf block = Unpooled.buffer();
        new EncodedFields.Encoder().encodeHeaders(1, fields, block);
        byte[] bytes = new byte[block.readableBytes()];
        block.readBytes(bytes);
        block.release();
        return new Hpack().decode(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 103, 200, 204, 206, 304, 400, 404, 500, 418, 599})
    void everyStatusIsEncoded(int status) {
        assertThat(encoded("HTTP/1.1 " + status + " Reason\r\nX: y\r\n\r\n"))
                .containsExactly(":status: " + status, "x: y");
    }

    @Test
    void fieldsOfAResponseAreLowerCaseAndThoseOfTheConnectionStayBehind() {
        assertThat(encoded(
                        "HTTP/1.1 200 OK\r\nServer: x\r\nX-Long-Name-Of-A-Field: v\r\nConnection: X-Gone\r\nX-Gone: 1\r\n"
                                + "Keep-Alive: 5\r\nTransfer-Encoding: chunked\r\nTrailer: a\r\nUpgrade: h2c\r\nEmpty:\r\n"
                                + "Set-Cookie: a\r\nSet-Cookie: b\r\n\r\n"))
                .containsExactly(
                        ":status: 200",
                        "server: x",
                        "x-long-name-of-a-field: v",
                        "trailer: a",
                        "empty: ",
                        "set-cookie: a",
                        "set-cookie: b");
        assertThat(encoded("HTTP/1.1 200 OK\r\nContent-Length: 42\r\n\r\n"))
                .containsExactly(":status: 200", "content-length: 42");
    }

    @Test
    void valuesOfAnyLengthAreEncoded() {
        for (int length : new int[] {0, 1, 126, 127, 128, 254, 255, 256, 16_384, 30_000}) {
            String value = "v".repeat(length);
            assertThat(encoded("HTTP/1.1 200 OK\r\nX-V: " + value + "\r\n\r\n"))
                    .containsExactly(":status: 200", "x-v: " + value);
        }
    }

    @Test
    void everyNameOfTheStaticTableIsFound() {
        for (String name :
                new String[] {"accept-charset", "content-type", "www-authenticate", "via", "vary", "link", "date"}) {
            assertThat(encoded("HTTP/1.1 200 OK\r\n" + name.toUpperCase(java.util.Locale.ROOT) + ": v\r\n\r\n"))
                    .containsExactly(":status: 200", name + ": v");
        }
    }

    @Test
    void trailersAreEncodedWithoutTheWhiteSpaceAroundThem() {
        byte[] lines = "grpc-status: 0\r\nGrpc-Message:  all  fine \r\nx:\r\n".getBytes(ISO_8859_1);
        assertThat(decoded(new ResponseFields().trailer(lines)))
                .containsExactly("grpc-status: 0", "grpc-message: all  fine", "x: ");
    }

    @Test
    void trailersOfARequestBecomeLinesAndKeepWhatMayStandThere() throws MalformedBodyException {
        byte[] lines = TrailerTranslator.lines(Sections.of("x-sum: 42", "content-type: x", "authorization: no", "y: "));
        assertThat(new String(lines, ISO_8859_1)).isEqualTo("x-sum: 42\r\ny: \r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":path: /",
                ":status: 200",
                "Upper: x",
                "connection: x",
                "transfer-encoding: chunked",
                "a b: c",
                "x: a\r\nb: c"
            })
    void trailersThatAreMalformedAreRefused(String field) {
        assertThatThrownBy(() -> TrailerTranslator.lines(Sections.of("fine: yes", field)))
                .isInstanceOf(MalformedBodyException.class);
    }

    @Test
    void resetsAreAllowedInOneGoAndThenAsTimeOrServedStreamsPayForThem() throws Http2Exception {
        AbuseGuard guard = new AbuseGuard(0);
        for (int i = 0; i < AbuseGuard.RESETS; i++) {
            guard.reset(0);
        }
        assertThatThrownBy(() -> guard.reset(0)).hasMessageContaining("reset");

        AbuseGuard patient = new AbuseGuard(0);
        for (int second = 0; second < 1000; second++) {
            for (int i = 0; i < AbuseGuard.RESETS_PER_SECOND; i++) {
                patient.reset(second * SECOND);
            }
        }
        AbuseGuard useful = new AbuseGuard(0);
        for (int i = 0; i < 10_000; i++) {
            useful.reset(0);
            useful.served();
        }
    }

    @Test
    void framesThatCarryNothingAreCountedAndThoseThatCarrySomethingAreNot() throws Http2Exception {
        AbuseGuard guard = new AbuseGuard(0);
        for (int i = 0; i < 100_000; i++) {
            guard.frame(1, Http2FrameTypes.DATA, 0, 0);
            guard.frame(0, Http2FrameTypes.DATA, 1, 0);
            guard.frame(10, Http2FrameTypes.HEADERS, 4, 0);
        }
        for (byte type : new byte[] {
            Http2FrameTypes.DATA, Http2FrameTypes.PING, Http2FrameTypes.PRIORITY, Http2FrameTypes.WINDOW_UPDATE, 77
        }) {
            AbuseGuard flooded = new AbuseGuard(0);
            for (int i = 0; i < AbuseGuard.IDLE_FRAMES; i++) {
                flooded.frame(0, type, 0, 0);
            }
            assertThatThrownBy(() -> flooded.frame(0, type, 0, 0))
                    .as("type " + type)
                    .isInstanceOf(Http2Exception.class);
        }
    }

    @Test
    void windowsGivenBackForDataThatWasSentAreNoAbuse() throws Http2Exception {
        AbuseGuard guard = new AbuseGuard(0);
        for (int i = 0; i < 100_000; i++) {
            guard.sent(2 * AbuseGuard.BYTES_A_FRAME);
            guard.frame(4, Http2FrameTypes.WINDOW_UPDATE, 0, 0);
            guard.frame(4, Http2FrameTypes.WINDOW_UPDATE, 0, 0);
        }
    }

    @Test
    void theHistoryTellsSkippedResetAndClosedStreamsApart() {
        StreamHistory history = new StreamHistory();
        history.opened(1);
        history.opened(7);
        history.reset(7);
        history.opened(9);

        assertThat(history.wasUsed(1)).isTrue();
        assertThat(history.wasUsed(3)).isFalse();
        assertThat(history.wasUsed(5)).isFalse();
        assertThat(history.wasReset(7)).isTrue();
        assertThat(history.wasReset(9)).isFalse();
        for (int stream = 11; stream < 3000; stream += 2) {
            history.opened(stream);
        }
        assertThat(history.wasUsed(3)).as("too long ago to be known").isTrue();
        assertThat(history.wasReset(2999)).isFalse();
    }
}
