package io.scrimplb.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.scrimplb.proxy.transport.SendBuffer;
import java.util.Arrays;

/** Where an outgoing head is put together, with what of the body goes along. Used again; not thread-safe. */
public final class HeadBuffer {
    private static final byte[] CRLF = {'\r', '\n'};

    /** Heads are seldom longer; what a longer one took is given back with {@link #clear}. */
    private static final int KEPT_BYTES = 4 * 1024;

    private byte[] bytes = new byte[1024];
    private int length;

    public void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[KEPT_BYTES];
        }
    }

    public void put(byte[] from, int start, int end) {
        int count = end - start;
        reserve(count);
        System.arraycopy(from, start, bytes, length, count);
        length += count;
    }

    public void put(byte[] from) {
        put(from, 0, from.length);
    }

    public void crlf() {
        put(CRLF);
    }

    /** @param value not negative */
    public void putNumber(long value) {
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        reserve(digits);
        length += digits;
        long rest = value;
        for (int at = length - 1; digits > 0; digits--, at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Copies what can be read; the buffer stays the caller's. */
    public void put(ByteBuf from) {
        int count = from.readableBytes();
        reserve(count);
        from.readBytes(bytes, length, count);
        length += count;
    }

    public int length() {
        return length;
    }

    public void sendTo(SendBuffer sending, Channel to) {
        sending.put(to, bytes, 0, length);
    }

    /** Sends the bytes from one index to before another. */
    public void sendTo(SendBuffer sending, Channel to, int from, int end) {
        sending.put(to, bytes, from, end - from);
    }

    /** The array that holds the bytes, as many as {@link #length()}; not to be changed. */
    public byte[] array() {
        return bytes;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
