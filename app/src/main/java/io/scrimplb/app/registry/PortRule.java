package io.scrimplb.app.registry;

/**
 * What a listen port may be.
 *
 * @param httpOnly whether it stays an HTTP port whoever asks for it, as the default port does, so that a newcomer sees a page
 *     there, and the one that redirects
 * @param terminates whether HTTP there is decrypted, so that names that are and names that are not share the port
 */
record PortRule(boolean httpOnly, boolean terminates) {
    static PortRule of(int port, ClaimPolicy policy) {
        TlsPolicy tls = policy.tls();
        return new PortRule(port == policy.defaultListenPort() || tls.redirects(port), tls.terminates(port));
    }
}
