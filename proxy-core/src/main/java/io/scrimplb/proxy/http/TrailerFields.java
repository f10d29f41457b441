package io.scrimplb.proxy.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Checks the trailer section of a chunked body and keeps what may stand there: nothing that frames, routes, authenticates or
 * says how to treat the content (RFC 9110, 6.5.1), since a reader may merge it into the header after having acted on that.
 */
public final class TrailerFields {
    /** Size of a trailer section in bytes. */
    public static final int MAX_BYTES = 8 * 1024;

    private static final int MAX_LINES = 50;

    private static final Set<String> FORBIDDEN = Set.of(
            "age",
            "authorization",
            "cache-control",
            "content-encoding",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expires",
            "location",
            "max-forwards",
            "pragma",
            "proxy-authenticate",
            "range",
            "retry-after",
            "set-cookie",
            "vary",
            "warning",
            "www-authenticate");

    /** No lines. */
    public static final byte[] NONE = {};

    private TrailerFields() {}

    /**
     * @param section the lines with the empty line that ends them
     * @return the lines that may pass, without the empty line
     */
    public static byte[] allowed(byte[] section) throws MalformedBodyException {
        HeaderLines lines = new HeaderLines();
        String fault = lines.parseTrailer(section, MAX_LINES);
        if (fault != null) {
            throw new MalformedBodyException("trailer: " + fault);
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        for (int i = 0; i < lines.count; i++) {
            if (lines.kind[i] != Field.OTHER) {
                continue;
            }
            int start = lines.nameStart[i];
            String name = new String(section, start, lines.nameEnd[i] - start, StandardCharsets.US_ASCII)
                    .toLowerCase(Locale.ROOT);
            if (!FORBIDDEN.contains(name) && !name.startsWith("if-")) {
                kept.write(section, start, lines.lineEnd(i) - start);
            }
        }
        return kept.toByteArray();
    }
}
