package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Bodies that need not be kept: made from a seed, written in pieces, compared by SHA-256. */
public final class BodyBytes {
    /** Small enough that a stalled direction is noticed after little; the system may double it. */
    public static final int SMALL_SOCKET_BUFFER = 32 * 1024;

    private static final int PIECE = 32 * 1024;

    private BodyBytes() {}

    /** The same bytes for the same seed and size. */
    public static byte[] of(long seed, int size) {
        byte[] bytes = new byte[size];
        fill(bytes, size, seed, 0);
        return bytes;
    }

    /** Writes that many bytes and returns their SHA-256. */
    public static String write(OutputStream out, long seed, long size) throws IOException {
        return write(out, seed, size, written -> {});
    }

    /** As above; tells how much has been written after each piece. */
    public static String write(OutputStream out, long seed, long size, LongConsumer progress) throws IOException {
        MessageDigest digest = sha256();
        byte[] piece = new byte[PIECE];
        for (long done = 0; done < size; ) {
            int count = (int) Math.min(PIECE, size - done);
            fill(piece, count, seed, done);
            digest.update(piece, 0, count);
            out.write(piece, 0, count);
            done += count;
            progress.accept(done);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of the bytes that {@link #write} with this seed and size gives. */
    public static String digest(long seed, long size) {
        try {
            return write(OutputStream.nullOutputStream(), seed, size);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Reads to the end. */
    public static String digest(InputStream in) throws IOException {
        return digest(in, read -> {});
    }

    /** Reads to the end; tells how much has been read after each piece. */
    public static String digest(InputStream in, LongConsumer progress) throws IOException {
        MessageDigest digest = sha256();
        byte[] piece = new byte[PIECE];
        long total = 0;
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            digest.update(piece, 0, count);
            total += count;
            progress.accept(total);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static void fill(byte[] piece, int count, long seed, long offset) {
        // One 64-bit mix for eight bytes (splitmix64): position matters, so a lost or doubled piece shows.
        long word = 0;
        for (int i = 0; i < count; i++) {
            long at = offset + i;
            if (at % 8 == 0 || i == 0) {
                long z = seed + (at / 8) * 0x9E3779B97F4A7C15L;
                z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
                z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
                word = (z ^ (z >>> 31)) >>> (8 * (at % 8));
            }
            piece[i] = (byte) word;
            word >>>= 8;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
