package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where an outgoing head is put together before it goes into one buffer. One an event loop; not thread-safe. */
final class HeadBuffer {
    private static final byte[] CRLF = {'\r', '\n'};

    private byte[] bytes = new byte[4096];
    private int length;

    void clear() {
        length = 0;
    }

    void put(byte[] from, int start, int end) {
        int count = end - start;
        reserve(count);
        System.arraycopy(from, start, bytes, length, count);
        length += count;
    }

    void put(byte[] from) {
        put(from, 0, from.length);
    }

    void crlf() {
        put(CRLF);
    }

    void putNumber(long value) {
        put(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
    }

    ByteBuf toBuffer(ByteBufAllocator allocator) {
        return allocator.directBuffer(length).writeBytes(bytes, 0, length);
    }

    /** Makes room for {@code count} bytes and returns where they go; the caller fills them. */
    int claim(int count) {
        reserve(count);
        int at = length;
        length += count;
        return at;
    }

    byte[] array() {
        return bytes;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
