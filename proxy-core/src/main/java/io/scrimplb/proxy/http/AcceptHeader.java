package io.scrimplb.proxy.http;

import java.util.Locale;

/** Which of the two forms of a local reply a client prefers (RFC 9110, 12.5.1). */
public final class AcceptHeader {
    private AcceptHeader() {}

    /** Whether {@code application/json} is named with a weight, and HTML is not preferred to it. */
    public static boolean prefersJson(String accept) {
        double json = -1;
        double html = -1;
        boolean jsonFirst = false;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", MAX_RANGES)) {
            int semicolon = range.indexOf(';');
            String type = (semicolon < 0 ? range : range.substring(0, semicolon)).strip();
            if (type.equals("application/json") && json < 0) {
                json = weight(range);
                jsonFirst = html < 0;
            } else if (type.equals("text/html") && html < 0) {
                html = weight(range);
            }
        }
        return json > 0 && (json > html || (json == html && jsonFirst));
    }

    private static final int MAX_RANGES = 32;

    private static double weight(String range) {
        int at = range.indexOf("q=");
        if (at < 0) {
            return 1;
        }
        int end = range.indexOf(';', at);
        try {
            return Double.parseDouble(
                    range.substring(at + 2, end < 0 ? range.length() : end).strip());
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
