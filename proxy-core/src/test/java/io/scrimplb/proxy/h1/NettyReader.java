package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.scrimplb.proxy.h1.reference.FieldLine;
import java.util.ArrayList;
import java.util.List;

/** Netty's own codec as a reader of what the proxy writes. Bytes are ISO 8859-1 characters. */
final class NettyReader {
    private static final HttpDecoderConfig CONFIG = new HttpDecoderConfig()
            .setMaxInitialLineLength(64 * 1024)
            .setMaxHeaderSize(512 * 1024)
            .setMaxChunkSize(1024 * 1024);

    /** Without leak detection, which is about Netty's own buffers here and takes most of the time. */
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);

    /**
     * @param start the parts of the start line
     * @param ended whether its end was seen
     */
    record Read(List<String> start, List<FieldLine> fields, String body, List<FieldLine> trailers, boolean ended) {}

    private NettyReader() {}

    static List<Read> requests(String wire) {
        return read(new EmbeddedChannel(new HttpRequestDecoder(CONFIG)), wire);
    }

    static List<Read> responses(String wire, boolean answersHead) {
        ChannelHandler codec = new HttpClientCodec(CONFIG, false, false);
        EmbeddedChannel channel = new EmbeddedChannel(codec);
        HttpMethod method = answersHead ? HttpMethod.HEAD : HttpMethod.GET;
        channel.config().setAllocator(ALLOCATOR);
        channel.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, "/", Unpooled.EMPTY_BUFFER));
        channel.releaseOutbound();
        return read(channel, wire);
    }

    private static List<Read> read(EmbeddedChannel channel, String wire) {
        channel.config().setAllocator(ALLOCATOR);
        channel.writeInbound(Unpooled.wrappedBuffer(wire.getBytes(ISO_8859_1)));
        channel.finish();
        List<Read> read = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        for (HttpObject object = channel.readInbound(); object != null; object = channel.readInbound()) {
            if (object.decoderResult().isFailure()) {
                ReferenceCountUtil.release(object);
                channel.releaseInbound();
                throw new AssertionError(
                        "Netty cannot read it", object.decoderResult().cause());
            }
            if (object instanceof HttpRequest request) {
                List<String> start = List.of(
                        request.method().name(),
                        request.uri(),
                        request.protocolVersion().text());
                read.add(new Read(start, lines(request.headers()), "", List.of(), false));
            } else if (object instanceof HttpResponse response) {
                List<String> start = List.of(
                        response.protocolVersion().text(),
                        response.status().codeAsText().toString(),
                        response.status().reasonPhrase());
                read.add(new Read(start, lines(response.headers()), "", List.of(), false));
            }
            if (object instanceof HttpContent content) {
                body.append(content.content().toString(ISO_8859_1));
                if (content instanceof LastHttpContent last) {
                    Read open = read.remove(read.size() - 1);
                    read.add(new Read(
                            open.start(), open.fields(), body.toString(), lines(last.trailingHeaders()), true));
                    body.setLength(0);
                }
            }
            ReferenceCountUtil.release(object);
        }
        return read;
    }

    private static List<FieldLine> lines(HttpHeaders headers) {
        List<FieldLine> lines = new ArrayList<>();
        headers.forEach(entry -> lines.add(new FieldLine(entry.getKey(), entry.getValue())));
        return lines;
    }
}
