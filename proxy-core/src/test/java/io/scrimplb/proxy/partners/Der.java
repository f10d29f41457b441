package io.scrimplb.proxy.partners;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Writes ASN.1's distinguished encoding (X.690), as much as certificates need. */
final class Der {
    static final int INTEGER = 0x02;
    static final int BITS = 0x03;
    static final int OCTETS = 0x04;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    private static final int OID = 0x06;
    private static final int UTF8 = 0x0c;

    private Der() {}

    static byte[] tagged(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] one : contents) {
            content.writeBytes(one);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... contents) {
        return tagged(SEQUENCE, contents);
    }

    static byte[] integer(BigInteger value) {
        return tagged(INTEGER, value.toByteArray());
    }

    static byte[] bits(byte[] content) {
        return tagged(BITS, new byte[] {0}, content);
    }

    static byte[] text(String value) {
        return tagged(UTF8, value.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] time(String value) {
        return tagged(0x18, value.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] bool(boolean value) {
        return new byte[] {1, 1, (byte) (value ? 0xff : 0)};
    }

    /** An object identifier whose numbers are under 16384 after the first two. */
    static byte[] oid(int... numbers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(numbers[0] * 40 + numbers[1]);
        for (int i = 2; i < numbers.length; i++) {
            for (int shift = 21; shift > 0; shift -= 7) {
                if (numbers[i] >> shift != 0) {
                    out.write(numbers[i] >> shift & 0x7f | 0x80);
                }
            }
            out.write(numbers[i] & 0x7f);
        }
        return tagged(OID, out.toByteArray());
    }
}
