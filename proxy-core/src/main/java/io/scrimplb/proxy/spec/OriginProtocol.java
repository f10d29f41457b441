package io.scrimplb.proxy.spec;

/** How the proxy speaks with the endpoints of an upstream. */
public enum OriginProtocol {
    /** HTTP/1.1 in clear text. */
    HTTP,
    /** HTTP over TLS, version 2 where the endpoint agrees to it (ALPN), else 1.1. */
    HTTPS,
    /** HTTP/2 in clear text with prior knowledge (RFC 9113, 3.3). */
    H2C,
    /** Bytes as they come: the upstream of a TCP listener or of a passthrough. */
    RAW
}
