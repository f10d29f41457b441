package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Frames what is written as chunks; {@link #finish} ends the body. */
public final class ChunkedOutput extends OutputStream {
    private final OutputStream out;

    public ChunkedOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes, offset, length);
        out.write('\r');
        out.write('\n');
    }

    /** Writes the last chunk and trailer lines. */
    public void finish(String... trailerLines) throws IOException {
        StringBuilder end = new StringBuilder("0\r\n");
        for (String line : trailerLines) {
            end.append(line).append("\r\n");
        }
        out.write(end.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
