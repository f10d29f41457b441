package io.scrimplb.proxy.spec;

/**
 * How the endpoints of an upstream are spoken with.
 *
 * @param tls used with {@link OriginProtocol#HTTPS} only
 * @param proxyProtocol how each connection tells the address of its client. A connection that tells one belongs to that client:
 *     it is never used for another one
 */
public record OriginSpec(OriginProtocol protocol, OriginTlsSpec tls, ProxyProtocol proxyProtocol) {
    /** HTTP/1.1 in clear text. */
    public static final OriginSpec HTTP = of(OriginProtocol.HTTP);

    /** A protocol with everything else at its default. */
    public static OriginSpec of(OriginProtocol protocol) {
        return new OriginSpec(protocol, OriginTlsSpec.DEFAULT, ProxyProtocol.NONE);
    }
}
