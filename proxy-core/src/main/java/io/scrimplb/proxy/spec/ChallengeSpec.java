package io.scrimplb.proxy.spec;

import java.util.Locale;

/** What an authority that is to sign a certificate (RFC 8555) shall find here, for as long as it is in the spec. */
public sealed interface ChallengeSpec {
    /**
     * Answered at {@code /.well-known/acme-challenge/<token>} of every HTTP listener, for any host, before routes and
     * redirects (RFC 8555, 8.3).
     *
     * @param token letters, digits, {@code -} and {@code _}
     * @param content the body of the answer
     */
    record Http(String token, String content) implements ChallengeSpec {}

    /**
     * Shown at every TLS listener to a client that offers the protocol {@code acme-tls/1} alone and names this host (RFC 8737).
     *
     * @param host exact name, held in lower case
     */
    record TlsAlpn(String host, CertificateSpec certificate) implements ChallengeSpec {
        public TlsAlpn {
            host = host.toLowerCase(Locale.ROOT);
        }
    }
}
