package io.scrimplb.app.certificates;

import io.scrimplb.membership.trust.DerWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority that signs what a test asks for. */
public final class TestAuthority {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final int DNS_NAME = 0x82;

    private final String name;
    private final KeyPair pair;
    private final X509Certificate certificate;

    private TestAuthority(String name, KeyPair pair, X509Certificate certificate) {
        this.name = name;
        this.pair = pair;
        this.certificate = certificate;
    }

    /** A certificate, those above it but the root, and its key. */
    public record Issued(List<X509Certificate> chain, KeyPair pair) {
        public X509Certificate leaf() {
            return chain.get(0);
        }

        public String chainPem() {
            return pem(chain.toArray(X509Certificate[]::new));
        }

        public String keyPem() {
            return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
        }

        /** Replaces both files, each at once and complete, the chain first. */
        public void write(Path chainFile, Path keyFile) throws IOException {
            replace(chainFile, chainPem());
            replace(keyFile, keyPem());
        }
    }

    public static TestAuthority root(String name) {
        KeyPair pair = keyPair();
        return new TestAuthority(name, pair, signed(name, pair, name, pair, true, List.of(), Duration.ofDays(10)));
    }

    /** One that this one signs. */
    public TestAuthority intermediate(String below) {
        KeyPair own = keyPair();
        return new TestAuthority(below, own, signed(name, pair, below, own, true, List.of(), Duration.ofDays(10)));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public Issued issue(String... hosts) {
        return issueFor(Duration.ofDays(60), hosts);
    }

    /** @param left until its end; it began a hundred days ago */
    public Issued issueFor(Duration left, String... hosts) {
        KeyPair own = keyPair();
        X509Certificate leaf = signed(name, pair, hosts[0], own, false, List.of(hosts), left);
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            chain.add(certificate);
        }
        return new Issued(chain, own);
    }

    /** Signed by itself, for no host. */
    static Issued nameless(Duration left) {
        KeyPair own = keyPair();
        return new Issued(List.of(signed("nameless", own, "nameless", own, false, List.of(), left)), own);
    }

    public static String pem(X509Certificate... certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate each : certificates) {
            try {
                text.append(pem("CERTIFICATE", each.getEncoded()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        return text.toString();
    }

    static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** As a careful deployment does it. */
    public static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate signed(
            String issuer,
            KeyPair issuerPair,
            String subject,
            KeyPair own,
            boolean authority,
            List<String> hosts,
            Duration left) {
        Instant now = Instant.now();
        byte[] constraints = DerWriter.bytesOf(writer -> writer.sequence(list -> {
            if (authority) {
                list.bool(true);
            }
        }));
        byte[] names = DerWriter.bytesOf(writer -> writer.sequence(
                list -> hosts.forEach(host -> list.value(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII)))));
        byte[] toBeSigned = DerWriter.bytesOf(writer -> writer.sequence(body -> body.explicit(
                        0, version -> version.integer(BigInteger.TWO))
                .integer(new BigInteger(120, new SecureRandom()).setBit(100))
                .sequence(algorithm -> algorithm.oid(ECDSA_SHA256))
                .encoded(name(issuer))
                .sequence(validity -> validity.generalizedTime(TIME.format(now.minus(Duration.ofDays(100))))
                        .generalizedTime(TIME.format(now.plus(left))))
                .encoded(name(subject))
                .encoded(own.getPublic().getEncoded())
                .explicit(
                        3,
                        extensions -> extensions.sequence(list -> {
                            list.sequence(
                                    one -> one.oid(BASIC_CONSTRAINTS).bool(true).octetString(constraints));
                            if (!hosts.isEmpty()) {
                                list.sequence(
                                        one -> one.oid(SUBJECT_ALTERNATIVE_NAME).octetString(names));
                            }
                        }))));
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(issuerPair.getPrivate());
            signer.update(toBeSigned);
            byte[] signature = signer.sign();
            byte[] der = DerWriter.bytesOf(writer -> writer.sequence(whole -> whole.encoded(toBeSigned)
                    .sequence(algorithm -> algorithm.oid(ECDSA_SHA256))
                    .bitString(signature)));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] name(String commonName) {
        return DerWriter.bytesOf(writer -> writer.sequence(parts ->
                parts.set(part -> part.sequence(one -> one.oid("2.5.4.3").utf8(commonName)))));
    }
}
