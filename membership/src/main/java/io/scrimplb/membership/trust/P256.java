package io.scrimplb.membership.trust;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;

/** Keys of the curve P-256 (SP 800-186, 3.2.1.3) and ECDSA with SHA-256, all by the JDK. Stateless. */
final class P256 {
    /** Bytes of a scalar and of a coordinate. */
    static final int SCALAR_BYTES = 32;
    /** Bytes of both coordinates of a point. */
    static final int POINT_BYTES = 2 * SCALAR_BYTES;

    /** FIPS 186-5, A.2.1: 64 bits more than the order has, so that the remainder is as good as evenly spread. */
    static final int SCALAR_SEED_BYTES = SCALAR_BYTES + 8;

    private static final String CURVE = "secp256r1";
    private static final String ECDSA = "SHA256withECDSA";
    /** All of a SubjectPublicKeyInfo (RFC 5480, 2) up to the coordinates; 04 says that both follow. */
    private static final byte[] INFO_PREFIX =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

    private static final ECParameterSpec PARAMETERS = parameters();
    private static final BigInteger PRIME = ((ECFieldFp) PARAMETERS.getCurve().getField()).getP();

    private P256() {}

    /** A new random key. */
    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /**
     * The key that belongs to these bytes, the same on every JDK (FIPS 186-5, A.2.1).
     *
     * @param seed {@link #SCALAR_SEED_BYTES} secret bytes that are as good as random
     */
    static KeyPair derive(byte[] seed) {
        if (seed.length != SCALAR_SEED_BYTES) {
            throw new IllegalArgumentException(seed.length + " bytes of seed");
        }
        BigInteger scalar =
                new BigInteger(1, seed).mod(order().subtract(BigInteger.ONE)).add(BigInteger.ONE);
        try {
            PrivateKey privateKey = privateKey(scalar);
            return new KeyPair(publicKeyOf(privateKey), privateKey);
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /**
     * ECDH of the scalar with the curve's generator is the x of the public point, computed by the JDK in constant time.
     * Of the two points with that x, the one under which a signature holds is the right one; under its mirror image it
     * never does.
     */
    private static PublicKey publicKeyOf(PrivateKey privateKey) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(privateKey);
        agreement.doPhase(publicKey(PARAMETERS.getGenerator()), true);
        BigInteger x = new BigInteger(1, agreement.generateSecret());
        // A square root, since PRIME mod 4 is 3 (SP 800-186, B.1).
        BigInteger y = curve(x).modPow(PRIME.add(BigInteger.ONE).shiftRight(2), PRIME);
        PublicKey candidate = publicKey(new ECPoint(x, y));
        return belongTogether(privateKey, candidate) ? candidate : publicKey(new ECPoint(x, PRIME.subtract(y)));
    }

    /** Whether a signature of the one holds under the other. */
    static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        byte[] sample = "scrimp-lb".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature verifier = Signature.getInstance(ECDSA);
            verifier.initVerify(publicKey);
            verifier.update(sample);
            return verifier.verify(sign(privateKey, sample));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** An ECDSA-Sig-Value (RFC 3279, 2.2.3) in DER. */
    static byte[] sign(PrivateKey key, byte[] message) {
        try {
            Signature signer = Signature.getInstance(ECDSA);
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /**
     * A private key from its {@link #SCALAR_BYTES}.
     *
     * @throws InvalidKeySpecException when the scalar is not 1 to the curve's order − 1
     */
    static PrivateKey privateKey(byte[] scalar) throws InvalidKeySpecException {
        return privateKey(new BigInteger(1, scalar));
    }

    private static PrivateKey privateKey(BigInteger scalar) throws InvalidKeySpecException {
        if (scalar.signum() <= 0 || scalar.compareTo(order()) >= 0) {
            throw new InvalidKeySpecException("the scalar is out of range");
        }
        return keyFactory().generatePrivate(new ECPrivateKeySpec(scalar, PARAMETERS));
    }

    /** The reverse of {@link #privateKey(byte[])}. */
    static byte[] scalar(PrivateKey key) {
        return fixedLength(((ECPrivateKey) key).getS());
    }

    /**
     * A public key from its {@link #POINT_BYTES}, x before y.
     *
     * @throws InvalidKeySpecException when they are no point of the curve
     */
    static PublicKey publicKey(byte[] point) throws InvalidKeySpecException {
        return publicKey(new ECPoint(
                new BigInteger(1, Arrays.copyOf(point, SCALAR_BYTES)),
                new BigInteger(1, Arrays.copyOfRange(point, SCALAR_BYTES, POINT_BYTES))));
    }

    private static PublicKey publicKey(ECPoint point) throws InvalidKeySpecException {
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        // SP 800-56A, 5.6.2.3.3; the cofactor is 1, so a point of the curve is of the right order too.
        if (x.compareTo(PRIME) >= 0
                || y.compareTo(PRIME) >= 0
                || !y.multiply(y).mod(PRIME).equals(curve(x))) {
            throw new InvalidKeySpecException("the point is not on the curve");
        }
        return keyFactory().generatePublic(new ECPublicKeySpec(point, PARAMETERS));
    }

    /** The reverse of {@link #publicKey(byte[])}, for a key for which {@link #isKey} holds. */
    static byte[] point(PublicKey key) {
        byte[] info = key.getEncoded();
        return Arrays.copyOfRange(info, INFO_PREFIX.length, info.length);
    }

    /** Whether it is a key of this curve, and written in the one way in which we write it. */
    static boolean isKey(PublicKey key) {
        byte[] info = key.getEncoded();
        return info != null
                && info.length == INFO_PREFIX.length + POINT_BYTES
                && Arrays.equals(info, 0, INFO_PREFIX.length, INFO_PREFIX, 0, INFO_PREFIX.length);
    }

    /** SHA-256 of the SubjectPublicKeyInfo. */
    static byte[] fingerprint(PublicKey key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /** x³ + ax + b mod p: y² of the points with this x. */
    private static BigInteger curve(BigInteger x) {
        return x.multiply(x)
                .add(PARAMETERS.getCurve().getA())
                .multiply(x)
                .add(PARAMETERS.getCurve().getB())
                .mod(PRIME);
    }

    private static BigInteger order() {
        return PARAMETERS.getOrder();
    }

    private static byte[] fixedLength(BigInteger number) {
        byte[] bytes = number.toByteArray();
        ByteArrayOutputStream padded = new ByteArrayOutputStream(SCALAR_BYTES);
        // toByteArray has a sign byte in front when the first bit is set, and leaves leading zeros out.
        int skip = Math.max(0, bytes.length - SCALAR_BYTES);
        padded.writeBytes(new byte[SCALAR_BYTES - (bytes.length - skip)]);
        padded.write(bytes, skip, bytes.length - skip);
        return padded.toByteArray();
    }

    private static ECParameterSpec parameters() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(CURVE));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private static KeyFactory keyFactory() {
        try {
            return KeyFactory.getInstance("EC");
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private static IllegalStateException unavailable(GeneralSecurityException e) {
        return new IllegalStateException("this JDK cannot do P-256 with SHA-256 (jdk.crypto.ec)", e);
    }
}
