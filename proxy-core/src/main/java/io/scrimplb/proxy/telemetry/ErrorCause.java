package io.scrimplb.proxy.telemetry;

/**
 * Why an exchange did not end as it should: the metric label {@code cause}, the header {@code X-Scrimp-Error} and the
 * access log's {@code error}.
 */
public enum ErrorCause {
    BAD_REQUEST("bad-request"),
    BAD_PROXY_HEADER("bad-proxy-header"),
    HEAD_TOO_LARGE("head-too-large"),
    TARGET_TOO_LONG("target-too-long"),
    HEADER_TIMEOUT("header-timeout"),
    CLIENT_TIMEOUT("client-timeout"),
    CLIENT_ABORTED("client-aborted"),
    VERSION_NOT_SUPPORTED("version-not-supported"),
    /** The request names a scheme, or a host passed through undecrypted, that its connection does not serve (RFC 9110, 15.5.20). */
    MISDIRECTED("misdirected"),
    UNKNOWN_HOST("unknown-host"),
    NO_APPLICATIONS("no-applications"),
    NO_ENDPOINT("no-endpoint"),
    LISTENER_GONE("listener-gone"),
    CONNECT_FAILED("connect-failed"),
    CONNECT_TIMEOUT("connect-timeout"),
    /** The endpoint is there, but is not whom it should be, or cannot agree on how to encrypt. */
    UPSTREAM_TLS("upstream-tls"),
    UPSTREAM_RESET("upstream-reset"),
    UPSTREAM_TIMEOUT("upstream-timeout"),
    BAD_RESPONSE("bad-response"),
    RESPONSE_CUT("response-cut"),
    CONNECTION_LIMIT("connection-limit"),
    TUNNEL_IDLE("tunnel-idle"),
    INTERNAL("internal");

    private final String label;

    ErrorCause(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
