package io.scrimplb.proxy.tls;

import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kind of a certificate's key, and which clients can do with it. TLS 1.3 has a signature scheme for each curve (RFC 8446,
 * 4.2.3); before, the cipher suite names the kind of key, and the curve is one of the groups (RFC 8422, 5.1.1 and 5.3).
 *
 * @param curve whether it is an elliptic curve's
 * @param schemes numbers of the signature schemes it can be used with by TLS 1.3
 * @param group number of the curve among the groups; 0 for RSA
 */
record KeyKind(boolean curve, List<Integer> schemes, int group) {
    private static final KeyKind P256 = new KeyKind(true, List.of(0x0403), 23);
    private static final KeyKind P384 = new KeyKind(true, List.of(0x0503), 24);
    private static final KeyKind P521 = new KeyKind(true, List.of(0x0603), 25);

    /** RSASSA-PSS with SHA-256, -384, -512. */
    private static final KeyKind RSA = new KeyKind(false, List.of(0x0804, 0x0805, 0x0806), 0);

    private static final List<Integer> ECDSA_SCHEMES = List.of(0x0403, 0x0503, 0x0603);
    private static final List<Integer> RSA_SCHEMES = List.of(0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601);

    /** Null when no engine has it. */
    static @Nullable KeyKind of(PrivateKey key) {
        if (key instanceof RSAKey) {
            return RSA;
        }
        if (!(key instanceof ECKey elliptic)) {
            return null;
        }
        return switch (elliptic.getParams().getCurve().getField().getFieldSize()) {
            case 256 -> P256;
            case 384 -> P384;
            case 521 -> P521;
            default -> null;
        };
    }

    boolean suits(ClientHello hello) {
        if (hello.version13()) {
            return anyOf(schemes, hello.signatureSchemes());
        }
        // Who does not say takes everything of its time (RFC 5246, 7.4.1.4.1; RFC 8422, 4).
        boolean signs = hello.signatureSchemes().isEmpty()
                || anyOf(curve ? ECDSA_SCHEMES : RSA_SCHEMES, hello.signatureSchemes());
        boolean known = !curve || hello.groups().isEmpty() || hello.groups().contains(group);
        return signs && known && anyOf(curve ? TlsPolicy.ECDSA_SUITES : TlsPolicy.RSA_SUITES, hello.cipherSuites());
    }

    private static boolean anyOf(List<Integer> ours, List<Integer> theirs) {
        for (Integer number : ours) {
            if (theirs.contains(number)) {
                return true;
            }
        }
        return false;
    }
}
