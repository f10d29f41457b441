package io.scrimplb.proxy.partners;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** Reads a stream and keeps a copy of every byte read. Any thread may look at the copy. */
public final class RecordedInput extends InputStream {
    private final InputStream in;
    private final AtomicLong total;
    private final ByteArrayOutputStream copy = new ByteArrayOutputStream();

    /** @param total counts the bytes of this stream and of others */
    public RecordedInput(InputStream in, AtomicLong total) {
        this.in = in;
        this.total = total;
    }

    /** What was read so far, a character a byte. */
    public String text() {
        synchronized (copy) {
            return copy.toString(StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
            synchronized (copy) {
                copy.write(target, offset, count);
            }
            total.addAndGet(count);
        }
        return count;
    }
}
