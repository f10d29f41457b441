package io.scrimplb.membership.transport;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.JoinToken;
import io.scrimplb.membership.trust.TrustException;
import java.time.Instant;

/** Fuzz target: the certificate that a load balancer gives; nobody but the authority makes one that is adopted. */
public final class CertificateFuzz {
    private static final long FIXED_BYTES = 2 * 1024 * 1024;
    private static final long FACTOR = 500;
    private static final Credentials HOLDER = Credentials.of(JoinToken.create(
            ClusterSecret.generate(), Role.BACKEND, Claims.UNLIMITED, Instant.parse("2099-01-01T00:00:00Z")));

    private CertificateFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    static void check(byte[] input) {
        Allocation.bounded(FIXED_BYTES, FACTOR, input.length, () -> read(input));
    }

    private static void read(byte[] input) {
        try {
            HOLDER.adopt(input);
            throw new AssertionError("a certificate of nobody was adopted");
        } catch (TrustException e) {
            // Declared.
        }
    }
}
