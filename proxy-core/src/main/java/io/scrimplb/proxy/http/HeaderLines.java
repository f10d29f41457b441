package io.scrimplb.proxy.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of a head that lies in a byte array: where each name and value begins and ends, and what each means to a
 * proxy. Parses and checks them in one pass (RFC 9112, 5). Used again for each head; not thread-safe.
 */
public final class HeaderLines {
    /** The value of {@link #contentLength} when the head has none. */
    public static final long NO_LENGTH = -1;

    public byte[] bytes = new byte[0];
    public int count;
    public int[] nameStart = new int[32];
    public int[] nameEnd = new int[32];
    public int[] valueStart = new int[32];
    public int[] valueEnd = new int[32];
    public int[] kind = new int[32];

    public long contentLength;
    public boolean chunked;
    public int transferEncodings;
    public boolean close;
    public boolean keepAlive;
    public boolean connectionUpgrade;
    private boolean namesFields;
    private boolean trailer;

    /** Parses the lines of a trailer section, in which framing fields mean nothing; see {@link #parse}. */
    @Nullable
    public String parseTrailer(byte[] section, int maxCount) {
        trailer = true;
        return lines(section, 0, section.length, maxCount);
    }

    /**
     * Parses lines from {@code start} up to and including the empty line.
     *
     * @param end end of the head, just behind the empty line
     * @return null when they are fine, else what is wrong, as a constant text
     */
    @Nullable
    public String parse(byte[] head, int start, int end, int maxCount) {
        trailer = false;
        return lines(head, start, end, maxCount);
    }

    private @Nullable String lines(byte[] head, int start, int end, int maxCount) {
        bytes = head;
        count = 0;
        contentLength = NO_LENGTH;
        chunked = false;
        transferEncodings = 0;
        close = false;
        keepAlive = false;
        connectionUpgrade = false;
        namesFields = false;
        int at = start;
        while (head[at] != '\r') {
            if (count == maxCount) {
                return TOO_MANY;
            }
            int from = at;
            while (Ascii.isToken(head[at])) {
                at++;
            }
            if (head[at] != ':' || at == from) {
                return lineFault(head[from], head[at]);
            }
            int nameTo = at++;
            while (Ascii.isBlank(head[at])) {
                at++;
            }
            int valueFrom = at;
            while (Ascii.isValue(head[at])) {
                at++;
            }
            if (head[at] != '\r' || head[at + 1] != '\n') {
                return "a header value holds a control character or a bare CR or LF";
            }
            int valueTo = at;
            while (valueTo > valueFrom && Ascii.isBlank(head[valueTo - 1])) {
                valueTo--;
            }
            at += 2;
            String fault = add(from, nameTo, valueFrom, valueTo);
            if (fault != null) {
                return fault;
            }
        }
        if (head[at + 1] != '\n' || at + 2 != end) {
            return "a bare CR in the header";
        }
        if (namesFields) {
            dropFieldsNamedInConnection();
        }
        return null;
    }

    /** Returned by {@link #parse} when there are more lines than allowed. */
    public static final String TOO_MANY = "too many header lines";

    private static String lineFault(byte first, byte at) {
        if (Ascii.isBlank(first)) {
            return "a folded header line";
        }
        return Ascii.isBlank(at) ? "a space before the colon of a header" : "a header line without a valid name";
    }

    private @Nullable String add(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        if (count == nameStart.length) {
            grow();
        }
        int fieldKind = Field.kind(bytes, nameFrom, nameTo - nameFrom);
        nameStart[count] = nameFrom;
        nameEnd[count] = nameTo;
        valueStart[count] = valueFrom;
        valueEnd[count] = valueTo;
        kind[count] = fieldKind;
        count++;
        if (trailer) {
            return null;
        }
        if (fieldKind == Field.CONTENT_LENGTH) {
            return length(valueFrom, valueTo);
        }
        if (fieldKind == Field.TRANSFER_ENCODING) {
            transferEncodings++;
            chunked = Ascii.equals(bytes, valueFrom, valueTo, "chunked");
            return chunked && transferEncodings == 1 ? null : "Transfer-Encoding other than one chunked";
        }
        if (fieldKind == Field.CONNECTION) {
            connection(valueFrom, valueTo);
        }
        return null;
    }

    /** Digits only, within 63 bits, and the same if repeated (RFC 9112, 6.3). */
    private @Nullable String length(int from, int to) {
        if (to == from || to - from > 19) {
            return "Content-Length is not a number";
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            if (!Ascii.isDigit(bytes[i])) {
                return "Content-Length is not a number";
            }
            value = value * 10 + (bytes[i] - '0');
            if (value < 0) {
                return "Content-Length is too large";
            }
        }
        if (contentLength != NO_LENGTH && contentLength != value) {
            return "two different Content-Length";
        }
        contentLength = value;
        return null;
    }

    private void connection(int from, int to) {
        // The common whole values first; a list is looked at token by token.
        if (Ascii.equals(bytes, from, to, "keep-alive")) {
            keepAlive = true;
        } else if (Ascii.equals(bytes, from, to, "close")) {
            close = true;
            // A field of that name would be dropped from a list, and so it is here.
            namesFields = true;
        } else {
            close |= Ascii.listHas(bytes, from, to, "close");
            keepAlive |= Ascii.listHas(bytes, from, to, "keep-alive");
            connectionUpgrade |= Ascii.listHas(bytes, from, to, "upgrade");
            namesFields = true;
        }
    }

    private void dropFieldsNamedInConnection() {
        for (int c = 0; c < count; c++) {
            if (kind[c] != Field.CONNECTION) {
                continue;
            }
            int at = valueStart[c];
            while (at < valueEnd[c]) {
                int from = at;
                while (at < valueEnd[c] && Ascii.isToken(bytes[at])) {
                    at++;
                }
                if (at > from) {
                    drop(from, at);
                }
                at++;
            }
        }
    }

    private void drop(int from, int to) {
        for (int i = 0; i < count; i++) {
            boolean may = !Field.protectedFromConnection(kind[i])
                    && kind[i] != Field.CONNECTION
                    && kind[i] != Field.UPGRADE
                    && kind[i] != Field.TE;
            if (may && Ascii.sameIgnoringCase(bytes, from, to, nameStart[i], nameEnd[i])) {
                kind[i] = Field.HOP_BY_HOP;
            }
        }
    }

    /** End of a line, behind its CRLF. */
    public int lineEnd(int line) {
        // Trailing blanks belong to the line but not to the value.
        int at = valueEnd[line];
        while (bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private void grow() {
        int size = nameStart.length * 2;
        nameStart = Arrays.copyOf(nameStart, size);
        nameEnd = Arrays.copyOf(nameEnd, size);
        valueStart = Arrays.copyOf(valueStart, size);
        valueEnd = Arrays.copyOf(valueEnd, size);
        kind = Arrays.copyOf(kind, size);
    }
}
