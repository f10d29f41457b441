package io.scrimplb.proxy.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate is shown to whom. An exact name wins over a wildcard, which stands for one label (RFC 6125, 6.4.3), and that
 * over the first certificate, the default. Among certificates for the same name one of an elliptic curve wins over RSA where the
 * client can verify it, since it costs the server a tenth; where none of them suits the client, the next less exact are asked.
 * Immutable; see {@link ServerCertificate} for how long it may be used.
 */
public final class CertificateTable {
    /** The first certificate of each kind of key for a name. */
    private record Choice(
            @Nullable ServerCertificate curve, @Nullable ServerCertificate rsa) {
        Choice with(ServerCertificate further) {
            return further.isCurve()
                    ? new Choice(curve == null ? further : curve, rsa)
                    : new Choice(curve, rsa == null ? further : rsa);
        }

        @Nullable
        ServerCertificate suiting(ClientHello hello) {
            if (curve != null && curve.suits(hello)) {
                return curve;
            }
            return rsa != null && rsa.suits(hello) ? rsa : null;
        }
    }

    private static final Choice NONE = new Choice(null, null);

    /** Has no certificate: every handshake is refused. */
    public static final CertificateTable EMPTY = new CertificateTable(List.of(), Map.of(), Map.of());

    private final Map<String, Choice> exact = new HashMap<>();

    /** By what stands behind the star and its dot. */
    private final Map<String, Choice> wildcards = new HashMap<>();

    private final Choice byDefault;
    private final @Nullable ServerCertificate first;
    private final Map<String, ServerCertificate> challenges;
    private final Map<String, String> tokens;

    /**
     * @param certificates the first is the default
     * @param challenges by host
     * @param tokens content of HTTP challenges by token
     */
    CertificateTable(
            List<ServerCertificate> certificates,
            Map<String, ServerCertificate> challenges,
            Map<String, String> tokens) {
        Choice fallback = NONE;
        for (ServerCertificate certificate : certificates) {
            for (String name : certificate.names()) {
                if (name.startsWith("*.")) {
                    wildcards.merge(name.substring(2), NONE.with(certificate), (old, one) -> old.with(certificate));
                } else {
                    exact.merge(name, NONE.with(certificate), (old, one) -> old.with(certificate));
                }
            }
        }
        first = certificates.isEmpty() ? null : certificates.get(0);
        for (ServerCertificate certificate : certificates) {
            // What is for a name of the default stands in for it where that does not suit.
            if (certificate == first || sharesName(certificate, certificates.get(0))) {
                fallback = fallback.with(certificate);
            }
        }
        this.byDefault = fallback;
        this.challenges = Map.copyOf(challenges);
        this.tokens = Map.copyOf(tokens);
    }

    private static boolean sharesName(ServerCertificate one, ServerCertificate other) {
        for (String name : one.names()) {
            if (other.names().contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** The certificate for a client. Where none suits it, one that is for its name, so that the engine tells it what is missing;
     * null when there is none at all. */
    @Nullable
    ServerCertificate find(ClientHello hello) {
        String name = hello.serverName();
        if (name != null) {
            ServerCertificate found = exact.getOrDefault(name, NONE).suiting(hello);
            if (found == null) {
                int dot = name.indexOf('.');
                found = dot < 0
                        ? null
                        : wildcards.getOrDefault(name.substring(dot + 1), NONE).suiting(hello);
            }
            if (found != null) {
                return found;
            }
        }
        ServerCertificate found = byDefault.suiting(hello);
        return found == null ? first : found;
    }

    /** What an authority that signs for this host shall see. */
    @Nullable
    ServerCertificate challenge(@Nullable String host) {
        return host == null ? null : challenges.get(host);
    }

    /** The answer to an HTTP challenge (RFC 8555, 8.3); null when there is none. */
    public @Nullable String challengeContent(String token) {
        return tokens.get(token);
    }

    /** Whether any HTTP challenge is under way. */
    public boolean challengesHttp() {
        return !tokens.isEmpty();
    }
}
