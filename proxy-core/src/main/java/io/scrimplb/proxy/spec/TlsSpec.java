package io.scrimplb.proxy.spec;

import java.util.List;

/**
 * What TLS listeners show and to whom.
 *
 * @param certificates chosen by the name that the client asks for; the first is the default
 * @param passthroughs names whose connections are not decrypted
 * @param challenges of authorities that are about to sign a certificate
 */
public record TlsSpec(
        List<CertificateSpec> certificates, List<PassthroughSpec> passthroughs, List<ChallengeSpec> challenges) {
    /** No certificates, passthroughs and challenges. */
    public static final TlsSpec NONE = new TlsSpec(List.of(), List.of(), List.of());

    public TlsSpec {
        certificates = List.copyOf(certificates);
        passthroughs = List.copyOf(passthroughs);
        challenges = List.copyOf(challenges);
    }
}
