package io.scrimplb.proxy.strict;

/**
 * A reply of the proxy's own, byte for byte as the contract has it for a client that does not prefer JSON.
 *
 * @param status code and reason
 * @param cause value of {@code X-Scrimp-Error}
 * @param message what a person reads
 * @param connection value of {@code Connection}
 */
record Refusal(String status, String cause, String message, String connection) {
    private static final int REQUEST_ID_LENGTH = 32;

    static Refusal badResponse() {
        return new Refusal("502 Bad Gateway", "bad-response", "the backend's answer was not valid HTTP", "keep-alive");
    }

    /** The same, and the connection stays open or not. */
    Refusal closing() {
        return new Refusal(status, cause, message, "close");
    }

    /** The whole response; {@code {id}} where the request id stands. */
    String text() {
        return head() + body();
    }

    /** The response to HEAD. */
    String head() {
        int length = body().length() - "{id}".length() + REQUEST_ID_LENGTH;
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + length
                + "\r\nCache-Control: no-store\r\nX-Request-Id: {id}\r\nX-Scrimp-Error: " + cause + "\r\nConnection: "
                + connection + "\r\n\r\n";
    }

    private String body() {
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + status
                + "</title></head><body><h1>" + status + "</h1><p>" + message
                + "</p><p><small>{id}</small></p></body></html>\n";
    }
}
