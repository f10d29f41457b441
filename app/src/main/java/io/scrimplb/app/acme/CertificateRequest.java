package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.EcKeys;
import io.scrimplb.app.certificates.SelfSignedCertificate;
import io.scrimplb.membership.trust.DerWriter;
import java.math.BigInteger;
import java.security.KeyPair;

/**
 * The request for a certificate (PKCS #10, RFC 2986, 4) for one host, signed by the key it is for. The JDK has no public way to
 * make one. The subject is empty: an authority takes the name from the extension, and signs no other part (RFC 8555, 7.4).
 */
final class CertificateRequest {
    /** extensionRequest (RFC 2985, 5.4.2). */
    private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

    private static final int ATTRIBUTES_TAG = 0;

    private CertificateRequest() {}

    /** In DER. */
    static byte[] of(String host, KeyPair pair) {
        byte[] names = SelfSignedCertificate.alternativeNames(host);
        byte[] info = DerWriter.bytesOf(writer -> writer.sequence(request -> request.integer(BigInteger.ZERO)
                .sequence(noSubject -> {})
                .encoded(pair.getPublic().getEncoded())
                .explicit(
                        ATTRIBUTES_TAG,
                        attributes -> attributes.sequence(attribute -> attribute
                                .oid(EXTENSION_REQUEST)
                                .set(values -> values.sequence(extensions -> extensions.sequence(extension -> extension
                                        .oid(SelfSignedCertificate.SUBJECT_ALTERNATIVE_NAME)
                                        .octetString(names))))))));
        byte[] signature = EcKeys.sign(pair.getPrivate(), info);
        return DerWriter.bytesOf(writer -> writer.sequence(request -> request.encoded(info)
                .sequence(algorithm -> algorithm.oid(EcKeys.ECDSA_SHA256))
                .bitString(signature)));
    }
}
