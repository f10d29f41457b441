package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one decoded field section (RFC 9113, 4.3), one behind the other in a byte array: what the HPACK decoder adds to.
 * Beyond its limits it takes nothing more, while the decoder goes on for the sake of its table. One an event loop, valid until
 * the next section is decoded.
 */
final class FieldSection extends NoHeaders {
    /** Bytes that a field takes in HTTP/1.1's form beside its name and value: colon, space, CR and LF. */
    static final int LINE_BYTES = 4;

    /** A {@code cookie} field counts for so much at least: a thousand empty crumbs of a cookie are no service to anybody. */
    private static final int MIN_FIELD_BYTES = 32;

    /** Sections are seldom longer; what a longer one took is given back with {@link #begin}. */
    private static final int KEPT_BYTES = 8 * 1024;

    private static final int KEPT_FIELDS = 64;

    private static final byte[] STATUS = ":status".getBytes(US_ASCII);

    byte[] bytes = new byte[1024];
    int length;
    int count;
    int[] nameStart = new int[32];
    int[] valueStart = new int[32];
    int[] valueEnd = new int[32];

    private int maxBytes;
    private int maxFields;
    private int lines;
    private int weight;
    private boolean overflown;

    /**
     * Forgets the section before.
     *
     * @param bytesLimit bytes in HTTP/1.1's form
     * @param fieldsLimit fields, the crumbs of a cookie together being one (RFC 9113, 8.2.3), and pseudo-header fields none
     */
    void begin(int bytesLimit, int fieldsLimit) {
        length = 0;
        count = 0;
        lines = 0;
        weight = 0;
        overflown = false;
        maxBytes = bytesLimit;
        maxFields = fieldsLimit;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[KEPT_BYTES];
        }
        if (nameStart.length > KEPT_FIELDS) {
            resize(KEPT_FIELDS);
        }
    }

    /** Whether it was over a limit, and is not all here. */
    boolean overflown() {
        return overflown;
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public boolean isEmpty() {
        return count == 0;
    }

    /** Told as far as Netty's codec asks: whether these are of an interim response, behind which others may come. */
    @Override
    @SuppressWarnings("NullAway")
    public @Nullable CharSequence status() {
        boolean interim = count > 0
                && valueEnd[0] - valueStart[0] == INTERIM.length()
                && bytes[valueStart[0]] == '1'
                && Arrays.equals(bytes, nameStart[0], valueStart[0], STATUS, 0, STATUS.length);
        return interim ? INTERIM : null;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        int size = name.length() + value.length();
        if (overflown || !fits(name, size)) {
            overflown = true;
            return this;
        }
        if (length + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + size));
        }
        if (count == nameStart.length) {
            resize(count * 2);
        }
        nameStart[count] = length;
        put(name);
        valueStart[count] = length;
        put(value);
        valueEnd[count] = length;
        count++;
        return this;
    }

    private boolean fits(CharSequence name, int size) {
        boolean pseudo = name.length() > 0 && name.charAt(0) == ':';
        boolean crumb = name.length() == 6 && AsciiString.contentEquals(name, "cookie");
        if (!pseudo && !crumb) {
            lines++;
        }
        weight += crumb ? Math.max(size, MIN_FIELD_BYTES) : size + LINE_BYTES;
        return weight <= maxBytes && lines <= maxFields;
    }

    private void put(CharSequence text) {
        int size = text.length();
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, size);
        } else {
            for (int i = 0; i < size; i++) {
                bytes[length + i] = (byte) text.charAt(i);
            }
        }
        length += size;
    }

    private void resize(int size) {
        nameStart = Arrays.copyOf(nameStart, size);
        valueStart = Arrays.copyOf(valueStart, size);
        valueEnd = Arrays.copyOf(valueEnd, size);
    }
}
