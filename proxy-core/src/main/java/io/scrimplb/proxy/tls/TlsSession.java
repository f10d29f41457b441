package io.scrimplb.proxy.tls;

/**
 * What was agreed with a client.
 *
 * @param version such as {@code TLSv1.3}
 * @param protocol the application protocol; empty when the client offered none, which means HTTP/1.1
 */
public record TlsSession(String version, String protocol) {}
