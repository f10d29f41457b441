package io.scrimplb.membership.trust;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Certificates of a cluster of their own, for tests that are not of this package. */
public final class SampleCertificates {
    private SampleCertificates() {}

    /** DER, of each kind. */
    public static List<byte[]> all() {
        KeyPair authority = Issuer.authorityKey(ClusterSecret.generate());
        Issuer issuer = new Issuer(Authority.of(authority.getPublic()).name(), authority.getPrivate());
        Claims claims = new Claims(List.of("*.example.com", "blog.example.org"), List.of(new PortRange(443, 8_999)));
        Grant limited =
                new Grant(Optional.of(Role.BACKEND), claims, Optional.of(Instant.parse("2026-12-01T00:00:00Z")));
        return List.of(
                der(issuer, Optional.empty()),
                der(issuer, Optional.of(new GrantExtension(GrantExtension.Kind.MEMBER, Grant.FULL))),
                der(issuer, Optional.of(new GrantExtension(GrantExtension.Kind.MEMBER, limited))));
    }

    private static byte[] der(Issuer issuer, Optional<GrantExtension> extension) {
        try {
            return issuer.issue(P256.generate().getPublic(), extension).getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
