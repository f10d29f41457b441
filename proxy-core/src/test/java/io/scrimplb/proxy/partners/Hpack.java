package io.scrimplb.proxy.partners;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Field sections on the wire: literal without indexing to write, which lets any bytes through, and Netty's decoder to read. */
public final class Hpack {
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    /** Encodes fields written as {@code name: value}, a pseudo-header field as {@code :name: value}. */
    public static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String field : fields) {
            int colon = field.indexOf(": ", 1);
            literal(out, field.substring(0, colon), field.substring(colon + 2));
        }
        return out.toByteArray();
    }

    /** One field of any bytes. */
    public static byte[] field(String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        literal(out, name, value);
        return out.toByteArray();
    }

    public static byte[] concat(byte[]... blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] block : blocks) {
            out.writeBytes(block);
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        string(out, name);
        string(out, value);
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        integer(out, 0, 7, bytes.length);
        out.writeBytes(bytes);
    }

    /** RFC 7541, 5.1. */
    public static void integer(ByteArrayOutputStream out, int flags, int prefixBits, int value) {
        int mask = (1 << prefixBits) - 1;
        if (value < mask) {
            out.write(flags | value);
            return;
        }
        out.write(flags | mask);
        int rest = value - mask;
        while (rest >= 128) {
            out.write(rest & 127 | 128);
            rest >>>= 7;
        }
        out.write(rest);
    }

    /** The fields of a block as {@code name: value}, in order. */
    public List<String> decode(byte[] block) {
        try {
            Http2Headers headers = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block));
            List<String> fields = new ArrayList<>();
            for (Map.Entry<CharSequence, CharSequence> field : headers) {
                fields.add(field.getKey() + ": " + field.getValue());
            }
            return fields;
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
