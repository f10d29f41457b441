package io.scrimplb.app.certificates;

import java.util.Arrays;
import java.util.Optional;

/** Walks through DER (ITU-T X.690) as far as it takes to find a key's curve. Not thread-safe. */
final class DerReader {
    static final int SEQUENCE = 0x30;
    static final int EXPLICIT_0 = 0xa0;

    private final byte[] der;
    private int at;

    DerReader(byte[] der) {
        this.der = der;
    }

    /** A value. */
    record Value(int tag, byte[] content) {}

    /** The next value; empty at the end, and when what follows is no value. */
    Optional<Value> next() {
        if (der.length - at < 2) {
            return Optional.empty();
        }
        int tag = der[at] & 0xff;
        int length = der[at + 1] & 0xff;
        at += 2;
        if (length > 0x80) {
            // X.690, 8.1.3.5: that many bytes of length follow; four would be more than any file has.
            int bytes = length & 0x7f;
            if (bytes > 3 || der.length - at < bytes) {
                return Optional.empty();
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[at++] & 0xff;
            }
        } else if (length == 0x80) {
            return Optional.empty();
        }
        if (length > der.length - at) {
            return Optional.empty();
        }
        at += length;
        return Optional.of(new Value(tag, Arrays.copyOfRange(der, at - length, at)));
    }
}
