package io.scrimplb.proxy.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says before anything is encrypted, as far as a decision hangs on it (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2). What it
 * says beyond that, the reserved values of RFC 8701 (GREASE) included, is for the engine to judge. Lists hold what the client
 * sent, in its order.
 *
 * @param serverName the host that is asked for, in lower case and without a trailing dot; null when none is named, and when what
 *     is named is no host name but an IP address, which RFC 6066, 3 does not permit, or some other text that no certificate and
 *     no route could be for
 * @param protocols application protocols (RFC 7301); empty when none is offered
 * @param version13 whether TLS 1.3 is offered
 * @param cipherSuites as numbers
 * @param signatureSchemes as numbers; empty when the client does not say
 * @param groups named groups as numbers; empty when the client does not say
 */
public record ClientHello(
        @Nullable String serverName,
        List<String> protocols,
        boolean version13,
        List<Integer> cipherSuites,
        List<Integer> signatureSchemes,
        List<Integer> groups) {
    /** What an authority offers that looks for its challenge, and nobody else does (RFC 8737, 6.2). */
    static final String ACME = "acme-tls/1";

    /** Whether an authority is asking for its challenge, which offers this protocol and no other (RFC 8737, 3). */
    public boolean isAcmeChallenge() {
        return protocols.size() == 1 && ACME.equals(protocols.get(0));
    }
}
