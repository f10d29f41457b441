package io.scrimplb.proxy.partners;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads heads, lines and exact numbers of bytes from a stream, strictly: a line ends with CR LF. One thread at a time. */
public final class WireReader {
    private static final int MAX_HEAD_BYTES = 4 * 1024 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int position;
    private int limit;
    private long consumed;

    public WireReader(InputStream in) {
        this.in = in;
    }

    /** Bytes handed out so far. */
    public long consumed() {
        return consumed;
    }

    /** The next byte, or -1 at the end of the stream. */
    public int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        consumed++;
        return buffer[position++] & 0xff;
    }

    /** Some bytes, at least one, or -1 at the end of the stream. */
    public int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        consumed += count;
        return count;
    }

    /** The next message head; empty when the stream ends cleanly before its first byte. */
    public Optional<MessageHead> head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = read();
            if (b < 0) {
                if (head.size() == 0) {
                    return Optional.empty();
                }
                throw new EOFException(
                        "the stream ended inside a head: <" + head.toString(StandardCharsets.ISO_8859_1) + ">");
            }
            head.write(b);
            boolean carriageReturn = matched % 2 == 0;
            matched = b == (carriageReturn ? '\r' : '\n') ? matched + 1 : (b == '\r' ? 1 : 0);
            if (head.size() > MAX_HEAD_BYTES) {
                throw new IOException("a head of more than " + MAX_HEAD_BYTES + " bytes");
            }
        }
        return Optional.of(MessageHead.parse(head.toString(StandardCharsets.ISO_8859_1)));
    }

    /** The next line without its CR LF. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = read();
            if (b < 0) {
                throw new EOFException("the stream ended inside a line: <" + line + ">");
            }
            if (b == '\r') {
                int next = read();
                if (next < 0) {
                    throw new EOFException("the stream ended inside the end of a line: <" + line + ">");
                }
                if (next != '\n') {
                    throw new IOException("a bare CR after <" + line + ">");
                }
                return line.toString();
            }
            line.append((char) b);
        }
    }

    public byte[] exactly(int length) throws IOException {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            int count = read(bytes, done, length - done);
            if (count < 0) {
                throw new EOFException("the stream ended after " + done + " of " + length + " bytes");
            }
            done += count;
        }
        return bytes;
    }

    /** Everything up to the end of the stream. */
    public byte[] rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        for (int count = read(chunk, 0, chunk.length); count >= 0; count = read(chunk, 0, chunk.length)) {
            rest.write(chunk, 0, count);
        }
        return rest.toByteArray();
    }

    private boolean fill() throws IOException {
        // Emptied first: a read that times out must not bring back what was handed out already.
        position = 0;
        limit = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }
}
