package io.scrimplb.proxy.spec;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What makes a certificate of a spec one that can be shown, and for which names. */
public final class CertificateValidator {
    private static final int DNS_NAME = 2;
    private static final int MAX_NAME_LENGTH = 253;
    /** One star, as the whole first label, over two labels at least (RFC 6125, 6.4.3). */
    private static final Pattern NAME = Pattern.compile(
            "(\\*\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?|[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([^,+\"\\\\]+)", Pattern.CASE_INSENSITIVE);

    private CertificateValidator() {}

    /** Why a certificate cannot be shown; null when it can. Takes the time of a signature. */
    public static @Nullable String fault(CertificateSpec certificate) {
        if (certificate.chain().isEmpty()) {
            return "the chain is empty";
        }
        PrivateKey key = certificate.key();
        String signature = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "";
        };
        if (signature.isEmpty()) {
            return "the key is neither RSA nor EC but " + key.getAlgorithm();
        }
        if (key.getEncoded() == null) {
            return "the key cannot be read from where it is kept";
        }
        return fits(certificate.chain().get(0), key, signature)
                ? null
                : "the key does not belong to the first certificate of the chain";
    }

    /** Whether what the key signs can be verified with the certificate. */
    private static boolean fits(X509Certificate leaf, PrivateKey key, String algorithm) {
        try {
            byte[] probe = leaf.getSerialNumber().toByteArray();
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signed = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            // By the key and not the certificate: what that may be used for is the client's business.
            verifier.initVerify(leaf.getPublicKey());
            verifier.update(probe);
            return verifier.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * The names that a certificate is for, in lower case: its alternative names, and its common name when it has none of those,
     * as certificates from before they were invented. Names that no client could ask for are left out.
     */
    public static Set<String> names(X509Certificate leaf) {
        Set<String> names = new LinkedHashSet<>();
        Collection<List<?>> alternatives = null;
        try {
            alternatives = leaf.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            // It has some, and they are illegible.
            return names;
        }
        if (alternatives == null) {
            Matcher common = COMMON_NAME.matcher(leaf.getSubjectX500Principal().getName());
            if (common.find()) {
                add(common.group(1), names);
            }
            return names;
        }
        for (List<?> alternative : alternatives) {
            if (Integer.valueOf(DNS_NAME).equals(alternative.get(0))) {
                add(String.valueOf(alternative.get(1)), names);
            }
        }
        return names;
    }

    private static void add(String name, Set<String> names) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (isName(lower)) {
            names.add(lower);
        }
    }

    private static boolean isName(String name) {
        return name.length() <= MAX_NAME_LENGTH && NAME.matcher(name).matches();
    }

    /** Why a name is not one for which a challenge could be; null when it is. */
    public static @Nullable String challengeFault(String host) {
        return !isName(host) || host.startsWith("*") ? "the host is not a name" : null;
    }
}
