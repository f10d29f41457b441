package io.scrimplb.membership.trust;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A backend's way into the cluster without the secret: a role certificate, its key, and the cluster's authority to
 * recognise the others by. Its text never shows in {@link #toString()}. Immutable.
 *
 * <p>The text is {@code scrimp-token-} and, in base64url (RFC 4648, 5) without padding: a version byte, the key's scalar,
 * the authority's point, the certificate in DER, and the CRC-32 of all before. CRC-32 catches every change within 32
 * neighbouring bits, hence every wrong character and every exchange of neighbours, and almost every other.
 */
public final class JoinToken {
    static final String PREFIX = "scrimp-token-";
    private static final byte VERSION = 1;
    private static final int CERTIFICATE_AT = 1 + P256.SCALAR_BYTES + P256.POINT_BYTES;
    /** Longest text; the longest token has some 11,100 characters. */
    private static final int MAX_CHARS = 12_000;

    private final String text;
    private final Grant grant;
    private final Authority authority;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private JoinToken(String text, Grant grant, Authority authority, X509Certificate certificate, PrivateKey key) {
        this.text = text;
        this.grant = grant;
        this.authority = authority;
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * Makes one. Takes up to half a second for a secret of a person's own, which is stretched.
     *
     * @param role backend
     * @param claims at most 64 domains and 64 ranges of ports, together within 8 KiB
     * @param joinsUntil from the epoch to the year 9999; the part of a second is cut off
     * @throws IllegalArgumentException when one of them cannot stand in a token; the message is fit for an operator
     */
    public static JoinToken create(ClusterSecret secret, Role role, Claims claims, Instant joinsUntil) {
        if (role != Role.BACKEND) {
            throw new IllegalArgumentException(
                    "a token is for a backend; a load balancer may do anything in the cluster and needs cluster-secret");
        }
        Optional<String> broken = GrantExtension.broken(claims);
        if (broken.isPresent()) {
            throw new IllegalArgumentException("the token " + broken.get());
        }
        long until = joinsUntil.getEpochSecond();
        if (until < 0 || until > GrantExtension.MAX_SECOND) {
            throw new IllegalArgumentException("the token's end of time is not between the years 1970 and 9999");
        }
        Grant grant = new Grant(Optional.of(role), claims, Optional.of(Instant.ofEpochSecond(until)));
        KeyPair authorityKey = Issuer.authorityKey(secret);
        Authority authority = Authority.of(authorityKey.getPublic());
        KeyPair pair = P256.generate();
        X509Certificate certificate = new Issuer(authority.name(), authorityKey.getPrivate())
                .issue(pair.getPublic(), Optional.of(new GrantExtension(GrantExtension.Kind.TOKEN, grant)));
        byte[] der = der(certificate);
        if (der.length > GrantExtension.MAX_CERTIFICATE_BYTES) {
            throw new IllegalArgumentException(
                    "the token has too many long domains; a wildcard like *.example.com is shorter");
        }
        return new JoinToken(
                encode(pair.getPrivate(), authority.key(), der), grant, authority, certificate, pair.getPrivate());
    }

    /**
     * Reads one, from anybody. Blanks and line ends in it do not count.
     *
     * @throws SecretException when the text is not a token, or a token with a typing error. The message begins with
     *     {@code join-token:}
     */
    public static JoinToken parse(String text) throws SecretException {
        if (text.length() > MAX_CHARS) {
            throw refused("it has more than " + MAX_CHARS + " characters; is it the right file?");
        }
        String dense = text.replaceAll("\\s+", "");
        if (dense.isEmpty()) {
            throw refused("it is empty; 'scrimp token create' on a load balancer prints one");
        }
        if (dense.toLowerCase(Locale.ROOT).startsWith(ClusterSecret.PREFIX)) {
            throw refused("it is a cluster secret; give it as cluster-secret");
        }
        if (!dense.startsWith(PREFIX)) {
            throw refused("it does not begin with " + PREFIX + "; copy it as 'scrimp token create' printed it");
        }
        byte[] payload = decode(dense);
        if (payload[0] != VERSION) {
            throw refused("it is of version " + payload[0] + ", this program reads version " + VERSION
                    + "; upgrade the older of the two members");
        }
        try {
            return read(dense, ByteBuffer.wrap(payload, 1, payload.length - 1));
        } catch (GeneralSecurityException e) {
            // Its checksum was right: nobody mistyped this, somebody made it so.
            throw refused("it is not a token that 'scrimp token create' made");
        }
    }

    private static JoinToken read(String text, ByteBuffer payload) throws GeneralSecurityException {
        PrivateKey key = P256.privateKey(take(payload, P256.SCALAR_BYTES));
        Authority authority = Authority.of(P256.publicKey(take(payload, P256.POINT_BYTES)));
        X509Certificate certificate = CertificateWriter.read(take(payload, payload.remaining()));
        Grant grant = new ChainVerifier(List.of(authority)).verifyToken(certificate);
        if (!P256.belongTogether(key, certificate.getPublicKey())) {
            throw new GeneralSecurityException("the key is another's");
        }
        return new JoinToken(text, grant, authority, certificate, key);
    }

    /** What it lets its holder do; to be shown to people, since the load balancers read it from the certificate. */
    public Grant grant() {
        return grant;
    }

    /** The token itself, to be shown to whoever asked for a new one. */
    public String reveal() {
        return text;
    }

    Authority authority() {
        return authority;
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** Signs the certificates of the processes that use it. */
    Issuer issuer() {
        return new Issuer(certificate.getSubjectX500Principal(), key);
    }

    @Override
    public String toString() {
        return "JoinToken[masked]";
    }

    private static String encode(PrivateKey key, PublicKey authority, byte[] certificate) {
        byte[] payload = ByteBuffer.allocate(CERTIFICATE_AT + certificate.length)
                .put(VERSION)
                .put(P256.scalar(key))
                .put(P256.point(authority))
                .put(certificate)
                .array();
        return encode(payload);
    }

    /** The text of a payload, with prefix and checksum. */
    static String encode(byte[] payload) {
        ByteBuffer checked = ByteBuffer.allocate(payload.length + Integer.BYTES)
                .put(payload)
                .putInt(checksum(payload, payload.length));
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(checked.array());
    }

    /** The reverse of {@link #encode(byte[])}; more bytes than stand before the certificate. */
    private static byte[] decode(String text) throws SecretException {
        byte[] checked;
        try {
            checked = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw typingError();
        }
        int length = checked.length - Integer.BYTES;
        if (length <= CERTIFICATE_AT || ByteBuffer.wrap(checked).getInt(length) != checksum(checked, length)) {
            throw typingError();
        }
        byte[] payload = Arrays.copyOf(checked, length);
        // The last character may hold bits that are no part of the bytes.
        if (!encode(payload).equals(text)) {
            throw typingError();
        }
        return payload;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static byte[] take(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate of our own cannot be written", e);
        }
    }

    private static SecretException typingError() {
        return refused("typing error, or a part is missing: copy it again as 'scrimp token create' printed it");
    }

    private static SecretException refused(String why) {
        return new SecretException("join-token: " + why);
    }
}
