package io.scrimplb.app.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** An application that gives and takes bodies too big to keep: both ends know the bytes by their checksum only. */
final class BigOrigin implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;
    private static final int STEP = 4099;

    private final byte[] pattern = pattern();
    private final AtomicLong written = new AtomicLong();
    private final Origin origin;

    BigOrigin() throws IOException {
        origin = Origin.of(this::answer);
    }

    int port() {
        return origin.port();
    }

    /** Body bytes that it could hand to its socket so far, over all responses. */
    long written() {
        return written.get();
    }

    private void answer(Origin.Request request, InputStream in, OutputStream out) throws IOException {
        if (request.method().equals("PUT")) {
            long length = Long.parseLong(request.headers().get("content-length"));
            Origin.reply(out, Long.toHexString(checksumOf(in, length)));
        } else {
            long length = Long.parseLong(request.target().substring(1));
            String head = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            send(out, length, written);
        }
    }

    /** Writes the body of that length. @return its checksum */
    long send(OutputStream out, long length, AtomicLong progress) throws IOException {
        CRC32C checksum = new CRC32C();
        int offset = 0;
        for (long left = length; left > 0; ) {
            int count = (int) Math.min(CHUNK, left);
            checksum.update(pattern, offset, count);
            out.write(pattern, offset, count);
            progress.addAndGet(count);
            left -= count;
            offset = (offset + STEP) % (pattern.length - CHUNK);
        }
        return checksum.getValue();
    }

    /** The checksum of a body of that length, without sending it. */
    long checksum(long length) throws IOException {
        return send(OutputStream.nullOutputStream(), length, new AtomicLong());
    }

    static long checksumOf(InputStream in, long length) throws IOException {
        CRC32C checksum = new CRC32C();
        byte[] chunk = new byte[CHUNK];
        for (long left = length; left > 0; ) {
            int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
            if (count < 0) {
                throw new IOException("body ended with " + left + " bytes to come");
            }
            checksum.update(chunk, 0, count);
            left -= count;
        }
        return checksum.getValue();
    }

    /** Sends the head of a request by hand. */
    static void head(Socket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A megabyte that does not repeat, so that a lost, doubled or swapped piece shows. */
    private static byte[] pattern() {
        byte[] bytes = new byte[1024 * 1024];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
