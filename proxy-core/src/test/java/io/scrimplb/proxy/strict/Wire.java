package io.scrimplb.proxy.strict;

import java.util.Arrays;
import java.util.List;

/** The messages that cases are made of. A character is a byte; lines are given without their CRLF. */
final class Wire {
    /** The response of an origin that has nothing special about it. */
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** The request of a client that has nothing special about it, and how it reaches the origin. */
    static final String GET = get();

    static final String GET_ARRIVED = arrived("GET / HTTP/1.1", "Host: a.test");

    /** A second request that an attacker hopes to get past the proxy unseen. */
    static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private Wire() {}

    /** A head of these lines. */
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** A GET with these lines behind its Host. */
    static String get(String... lines) {
        return head(behind("GET / HTTP/1.1", "Host: a.test", lines));
    }

    /** The head of a POST with these lines behind its Host. */
    static String post(String... lines) {
        return head(behind("POST / HTTP/1.1", "Host: a.test", lines));
    }

    /** A POST with a chunked body. */
    static String chunked(String chunks) {
        return post("Transfer-Encoding: chunked") + chunks;
    }

    /** How a chunked POST reaches the origin. */
    static String chunkedArrived(String chunks) {
        return arrived("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked") + chunks;
    }

    /** A head as it reaches the origin: these lines, then what the proxy says of the client. */
    static String arrived(String... lines) {
        String host = List.of(lines).stream()
                .filter(line -> line.regionMatches(true, 0, "Host:", 0, 5))
                .map(line -> line.substring(5).strip())
                .findFirst()
                .orElseThrow();
        return arrivedWithId("{id}", host, lines);
    }

    /** The same, with the client's own request id, and with the host as the client wrote it. */
    static String arrivedWithId(String requestId, String host, String... lines) {
        return String.join("\r\n", lines) + "\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n"
                + "X-Forwarded-Host: " + host + "\r\nX-Forwarded-Port: {port}\r\nX-Request-Id: " + requestId
                + "\r\n\r\n";
    }

    /** A GET with these lines as it reaches the origin. */
    static String getArrived(String... lines) {
        return arrived(behind("GET / HTTP/1.1", "Host: a.test", lines));
    }

    /** A response head of these lines with 200. */
    static String ok(String... lines) {
        return "HTTP/1.1 200 OK\r\n" + head(lines);
    }

    static Refusal badRequest(String reason) {
        return new Refusal("400 Bad Request", "bad-request", reason, "close");
    }

    private static String[] behind(String first, String second, String... lines) {
        String[] all = new String[lines.length + 2];
        all[0] = first;
        all[1] = second;
        System.arraycopy(lines, 0, all, 2, lines.length);
        return Arrays.stream(all).toArray(String[]::new);
    }
}
