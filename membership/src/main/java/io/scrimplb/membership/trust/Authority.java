package io.scrimplb.membership.trust;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * A cluster's certificate authority, as those know it who believe it: its public key and what follows from that.
 *
 * @param key of P-256
 * @param fingerprint first 64 bits of the SHA-256 of the key (SubjectPublicKeyInfo), 16 hexadecimal digits; a name, not a
 *     proof
 * @param name {@code CN=fingerprint}: the issuer of what it signs
 * @param anchor certificate that carries the name to where the JDK asks for one; unsigned (RFC 9925)
 */
record Authority(PublicKey key, String fingerprint, X500Principal name, X509Certificate anchor) {
    private static final int FINGERPRINT_BYTES = 8;
    private static final int HINT_CHARS = 4;
    private static final Pattern NAME = Pattern.compile("CN=[0-9a-f]{" + 2 * FINGERPRINT_BYTES + "}");

    static Authority of(PublicKey key) {
        String fingerprint = shortFingerprint(key);
        X500Principal name = CertificateWriter.name(fingerprint);
        return new Authority(key, fingerprint, name, CertificateWriter.unsigned(name, key));
    }

    /** Enough of the fingerprint to tell a few authorities apart where everybody may read it. */
    String hint() {
        return fingerprint.substring(0, HINT_CHARS);
    }

    static String shortFingerprint(PublicKey key) {
        return HexFormat.of().formatHex(P256.fingerprint(key), 0, FINGERPRINT_BYTES);
    }

    /** Whether an authority of ours, or of another cluster, could have this name. */
    static boolean isName(X500Principal name) {
        return NAME.matcher(name.getName()).matches();
    }
}
