package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.EcKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what only one load balancer may read: ECDH of a fresh key with the reader's (SP 800-56A, 6.2.2.2), one step of SHA-256
 * over the result (SP 800-56C, 4.1), AES-256 in GCM. The reader's key is fresh in each process and came over the connection on
 * which it proved its role; so a private key is readable at no place on its way, retransmissions and the memory of third members
 * included, also in a cluster without a secret, as long as nobody there pretends to be a load balancer. Thread-safe.
 */
final class SealedBox {
    private static final int TAG_BITS = 128;
    private static final int IV_BYTES = 12;
    private static final String SUITE = "scrimp-acme-1";

    private final KeyPair pair = EcKeys.generate();

    /** The key to seal with for this reader, base64 of its SubjectPublicKeyInfo. */
    String publicKey() {
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    /** @throws GeneralSecurityException when it is no key of P-256 */
    static PublicKey publicKey(String text) throws GeneralSecurityException {
        try {
            PublicKey key = KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
            if (key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() == 256) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("it is not base64");
        }
        throw new GeneralSecurityException("it is no key of P-256");
    }

    /**
     * @param context what it is, such as the host of a certificate; whoever opens it has to say the same
     */
    static String seal(PublicKey reader, String context, String text) {
        try {
            KeyPair fresh = EcKeys.generate();
            byte[] from = fresh.getPublic().getEncoded();
            // The key seals this one message, so that no initialisation vector is ever used twice with it.
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, fresh, reader, from, reader.getEncoded(), context);
            byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
            ByteBuffer out = ByteBuffer.allocate(1 + from.length + sealed.length);
            out.put((byte) from.length).put(from).put(sealed);
            return Base64.getEncoder().encodeToString(out.array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot seal with P-256 and AES-GCM", e);
        }
    }

    /** @throws GeneralSecurityException when it was not sealed for this reader and context, or was changed */
    String open(String context, String sealed) throws GeneralSecurityException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("it is not base64");
        }
        int length = bytes.length == 0 ? 0 : Byte.toUnsignedInt(bytes[0]);
        if (length == 0 || bytes.length <= 1 + length) {
            throw new GeneralSecurityException("it is cut off");
        }
        byte[] from = Arrays.copyOfRange(bytes, 1, 1 + length);
        PublicKey writer = publicKey(Base64.getEncoder().encodeToString(from));
        Cipher cipher =
                cipher(Cipher.DECRYPT_MODE, pair, writer, from, pair.getPublic().getEncoded(), context);
        byte[] text = cipher.doFinal(bytes, 1 + length, bytes.length - 1 - length);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Cipher cipher(int mode, KeyPair own, PublicKey other, byte[] from, byte[] to, String context)
            throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(own.getPrivate());
        agreement.doPhase(other, true);
        byte[] counter = {0, 0, 0, 1};
        byte[] key =
                EcKeys.sha256(counter, agreement.generateSecret(), SUITE.getBytes(StandardCharsets.US_ASCII), from, to);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, new byte[IV_BYTES]));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
