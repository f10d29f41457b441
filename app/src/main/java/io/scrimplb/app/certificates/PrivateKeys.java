package io.scrimplb.app.certificates;

import io.scrimplb.membership.trust.DerWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/**
 * Private keys of RSA and of elliptic curves, in the forms in which people have them: PKCS#8 (RFC 5958), SEC1 (RFC 5915) and
 * PKCS#1 (RFC 8017, A.1.2). The last two are made PKCS#8, which is what the JDK reads.
 */
public final class PrivateKeys {
    private static final String RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    private static final String EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /** Those for which TLS 1.3 has signatures (RFC 8446, 4.2.3). */
    private static final List<String> CURVES = List.of("secp256r1", "secp384r1", "secp521r1");

    private static final byte[] SAMPLE = "scrimp-lb".getBytes(StandardCharsets.US_ASCII);

    private PrivateKeys() {}

    /** The one private key of a file, which may hold certificates too. */
    public static PrivateKey read(byte[] file) throws PemException {
        PrivateKey found = null;
        List<Pem.Block> blocks = Pem.blocks(file);
        for (Pem.Block block : blocks) {
            if (!block.label().endsWith("PRIVATE KEY")) {
                continue;
            }
            if (found != null) {
                throw new PemException("holds more than one private key");
            }
            found = key(block, blocks);
        }
        if (found == null) {
            throw new PemException(
                    blocks.isEmpty()
                            ? "is no PEM file: it has no line -----BEGIN PRIVATE KEY-----"
                            : "holds no private key");
        }
        return found;
    }

    private static PrivateKey key(Pem.Block block, List<Pem.Block> blocks) throws PemException {
        if (block.encrypted()) {
            throw new PemException(
                    "is encrypted, and nobody is there to type its pass phrase: write it without one (openssl pkey -in"
                            + " ENCRYPTED -out PLAIN), readable by this service only");
        }
        return switch (block.label()) {
            case "PRIVATE KEY" -> pkcs8(block.der());
            case "RSA PRIVATE KEY" ->
                pkcs8(wrapped(
                        DerWriter.bytesOf(writer -> writer.sequence(
                                algorithm -> algorithm.oid(RSA_ENCRYPTION).value(5, new byte[0]))),
                        block.der()));
            case "EC PRIVATE KEY" ->
                pkcs8(wrapped(
                        DerWriter.bytesOf(writer -> writer.sequence(
                                algorithm -> algorithm.oid(EC_PUBLIC_KEY).encoded(curve(block, blocks)))),
                        block.der()));
            default -> throw new PemException("holds a " + block.label() + "; only RSA and EC keys are used");
        };
    }

    /** A PrivateKeyInfo (RFC 5958, 2) around the form of one algorithm. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return DerWriter.bytesOf(writer -> writer.sequence(
                info -> info.integer(BigInteger.ZERO).encoded(algorithm).octetString(key)));
    }

    /** The parameters in the key itself (RFC 5915, 3), else in the block that OpenSSL writes before it; empty for none. */
    private static byte[] curve(Pem.Block key, List<Pem.Block> blocks) {
        DerReader fields = new DerReader(new DerReader(key.der())
                .next()
                .filter(value -> value.tag() == DerReader.SEQUENCE)
                .map(DerReader.Value::content)
                .orElse(new byte[0]));
        for (Optional<DerReader.Value> field = fields.next(); field.isPresent(); field = fields.next()) {
            if (field.get().tag() == DerReader.EXPLICIT_0) {
                return field.get().content();
            }
        }
        return blocks.stream()
                .filter(block -> block.label().equals("EC PARAMETERS"))
                .map(Pem.Block::der)
                .findFirst()
                .orElse(new byte[0]);
    }

    private static PrivateKey pkcs8(byte[] der) throws PemException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                PrivateKey read = KeyFactory.getInstance(algorithm).generatePrivate(spec);
                if (!(read instanceof ECPrivateKey curved) || isUsual(curved)) {
                    return read;
                }
            } catch (InvalidKeySpecException other) {
                // It may be one of the other algorithm.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JDK knows no " + algorithm + " keys", e);
            }
        }
        throw new PemException(
                "holds a private key that cannot be used: damaged, or neither RSA nor one of the curves P-256, P-384 and P-521");
    }

    private static boolean isUsual(ECPrivateKey key) throws GeneralSecurityException {
        for (String curve : CURVES) {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve));
            if (parameters
                    .getParameterSpec(ECParameterSpec.class)
                    .getCurve()
                    .equals(key.getParams().getCurve())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a signature of the one holds under the other. */
    public static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(
                    privateKey.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(privateKey);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
