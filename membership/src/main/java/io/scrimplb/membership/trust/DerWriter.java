package io.scrimplb.membership.trust;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Writes DER (ITU-T X.690), as much of it as a small certificate needs. Values are appended in the order of the calls;
 * what contains others takes a function that writes them. Not thread-safe.
 */
public final class DerWriter {
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    /** Context-specific and constructed. */
    private static final int EXPLICIT = 0xa0;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    /** What one function writes. */
    public static byte[] bytesOf(Consumer<DerWriter> content) {
        DerWriter writer = new DerWriter();
        content.accept(writer);
        return writer.out.toByteArray();
    }

    public DerWriter sequence(Consumer<DerWriter> content) {
        return value(SEQUENCE, bytesOf(content));
    }

    public DerWriter set(Consumer<DerWriter> content) {
        return value(SET, bytesOf(content));
    }

    /** {@code [tag] EXPLICIT}. */
    public DerWriter explicit(int tag, Consumer<DerWriter> content) {
        return value(EXPLICIT | tag, bytesOf(content));
    }

    public DerWriter bool(boolean value) {
        return value(BOOLEAN, new byte[] {(byte) (value ? 0xff : 0)});
    }

    public DerWriter integer(BigInteger value) {
        return value(INTEGER, value.toByteArray());
    }

    /** All bits of whole bytes. */
    public DerWriter bitString(byte[] bytes) {
        byte[] content = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, content, 1, bytes.length);
        return value(BIT_STRING, content);
    }

    public DerWriter octetString(byte[] bytes) {
        return value(OCTET_STRING, bytes);
    }

    public DerWriter utf8(String text) {
        return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param text {@code YYMMDDhhmmssZ}
     */
    public DerWriter utcTime(String text) {
        return value(UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * @param text {@code YYYYMMDDhhmmssZ}
     */
    public DerWriter generalizedTime(String text) {
        return value(GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * @param dotted {@code 1.2.840…}; arcs of any size
     */
    public DerWriter oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        // X.690, 8.19.4: the first two arcs share one number.
        BigInteger first =
                new BigInteger(arcs[0]).multiply(BigInteger.valueOf(40)).add(new BigInteger(arcs[1]));
        base128(first, content);
        for (int i = 2; i < arcs.length; i++) {
            base128(new BigInteger(arcs[i]), content);
        }
        return value(OBJECT_IDENTIFIER, content.toByteArray());
    }

    /** A value that is DER already. */
    public DerWriter encoded(byte[] der) {
        out.writeBytes(der);
        return this;
    }

    /** A value of any type, from its content. */
    public DerWriter value(int tag, byte[] content) {
        out.write(tag);
        length(content.length);
        out.writeBytes(content);
        return this;
    }

    /** X.690, 8.1.3: one byte below 128, else the number of bytes and the bytes. */
    private void length(int length) {
        if (length < 0x80) {
            out.write(length);
            return;
        }
        int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
        out.write(0x80 | bytes);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write(length >>> shift);
        }
    }

    /** X.690, 8.19.2: seven bits a byte, the highest bit set in all but the last. */
    private static void base128(BigInteger number, ByteArrayOutputStream to) {
        int groups = Math.max(1, (number.bitLength() + 6) / 7);
        for (int group = groups - 1; group >= 0; group--) {
            int bits = number.shiftRight(7 * group).intValue() & 0x7f;
            to.write(group == 0 ? bits : bits | 0x80);
        }
    }
}
