package io.scrimplb.proxy.telemetry;

/** How the TLS handshake of a client's connection ended, as the metric label {@code result} names it. */
public enum HandshakeResult {
    OK("ok"),
    /** An authority got its challenge (RFC 8737). */
    CHALLENGE("challenge"),
    /** A client that speaks HTTP in clear text. */
    CLEAR_TEXT("clear-text"),
    /** No TLS at all, or a ClientHello that breaks the rules or the bounds. */
    MALFORMED("malformed"),
    /** There is no certificate that could be shown. */
    NO_CERTIFICATE("no-certificate"),
    /** The client offers application protocols, and none of ours. */
    NO_PROTOCOL("no-protocol"),
    /** Version, ciphers or groups do not fit, or the client did not like what it saw. */
    REFUSED("refused"),
    /** The client went away in the middle. */
    ABORTED("aborted"),
    TIMEOUT("timeout"),
    /** Had to give way to newer ones while too many were under way. */
    CROWDED_OUT("crowded-out");

    private final String label;

    HandshakeResult(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
