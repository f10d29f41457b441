package io.scrimplb.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerWriterTest {
    private static final ClusterSecret SECRET = ClusterSecret.generate();
    private static final KeyPair AUTHORITY_KEY = Issuer.authorityKey(SECRET);
    private static final Authority AUTHORITY = Authority.of(AUTHORITY_KEY.getPublic());

    @Test
    void valuesAreWrittenAsX690HasThem() {
        assertDer("0101ff", writer -> writer.bool(true));
        assertDer("020100", writer -> writer.integer(BigInteger.ZERO));
        assertDer("02020080", writer -> writer.integer(BigInteger.valueOf(128)));
        assertDer("030300beef", writer -> writer.bitString(new byte[] {(byte) 0xbe, (byte) 0xef}));
        assertDer("0402beef", writer -> writer.octetString(new byte[] {(byte) 0xbe, (byte) 0xef}));
        assertDer("06032a0304", writer -> writer.oid("1.2.3.4"));
        // X.690, 8.19.5
        assertDer("0603883703", writer -> writer.oid("2.999.3"));
        assertDer("0c02c3bc", writer -> writer.utf8("ü"));
        assertDer("30023000", writer -> writer.sequence(inner -> inner.sequence(none -> {})));
        assertDer("a103020100", writer -> writer.explicit(1, in -> in.integer(BigInteger.ZERO)));
    }

    @Test
    void lengthsTakeAsManyBytesAsTheyNeed() {
        assertThat(header(127)).isEqualTo("047f");
        assertThat(header(128)).isEqualTo("048180");
        assertThat(header(255)).isEqualTo("0481ff");
        assertThat(header(256)).isEqualTo("04820100");
        assertThat(header(65_535)).isEqualTo("0482ffff");
        assertThat(header(65_536)).isEqualTo("0483010000");
    }

    @Test
    void theJdkReadsACertificateAsItWasMeant() throws Exception {
        KeyPair key = P256.generate();
        X509Certificate member = member(key);

        assertThat(member.getVersion()).isEqualTo(3);
        assertThat(member.getIssuerX500Principal().getName()).isEqualTo("CN=" + AUTHORITY.fingerprint());
        assertThat(member.getPublicKey()).isEqualTo(key.getPublic());
        assertThat(member.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(member.getNotBefore().toInstant()).isEqualTo(Instant.EPOCH);
        assertThat(member.getNotAfter().toInstant()).isEqualTo("9999-12-31T23:59:59Z");
        assertThat(member.getSerialNumber().signum()).isPositive();
        assertThat(member.getNonCriticalExtensionOIDs()).containsExactly(GrantExtension.OID);
        assertThat(member.getCriticalExtensionOIDs()).isEmpty();
        assertThat(member.getEncoded()).hasSizeLessThan(400);
        member.verify(AUTHORITY.key());
        assertThat(member(key).getSerialNumber()).isNotEqualTo(member.getSerialNumber());
    }

    @Test
    void opensslReadsACertificateAsItWasMeant(@TempDir Path directory) throws Exception {
        assumeTrue(openssl("version").isPresent(), "openssl is not installed");
        JoinToken token = JoinToken.create(
                SECRET,
                Role.BACKEND,
                new Claims(List.of("*.example.com"), List.of()),
                Instant.parse("2100-01-01T00:00:00Z"));
        for (X509Certificate certificate : List.of(member(P256.generate()), token.certificate())) {
            Path file = Files.write(directory.resolve("certificate.der"), certificate.getEncoded());

            Optional<String> text = openssl("x509", "-inform", "DER", "-noout", "-text", "-in", file.toString());

            assertThat(text)
                    .hasValueSatisfying(shown -> assertThat(shown)
                            .containsPattern("Version: 3")
                            .containsPattern("Issuer: CN ?= ?" + AUTHORITY.fingerprint())
                            .containsPattern("Not After : Dec 31 23:59:59 9999 GMT")
                            .containsPattern("NIST CURVE: P-256")
                            .containsPattern("Signature Algorithm: ecdsa-with-SHA256")
                            .containsPattern(GrantExtension.OID));
        }
    }

    private static X509Certificate member(KeyPair key) {
        return new Issuer(AUTHORITY.name(), AUTHORITY_KEY.getPrivate())
                .issue(key.getPublic(), Optional.of(new GrantExtension(GrantExtension.Kind.MEMBER, Grant.FULL)));
    }

    private static void assertDer(String hex, Consumer<DerWriter> content) {
        assertThat(HexFormat.of().formatHex(DerWriter.bytesOf(content))).isEqualTo(hex);
    }

    private static String header(int length) {
        byte[] der = DerWriter.bytesOf(writer -> writer.octetString(new byte[length]));
        return HexFormat.of().formatHex(der, 0, der.length - length);
    }

    /** What it prints; empty when it is not there or fails. */
    private static Optional<String> openssl(String... arguments) throws InterruptedException {
        try {
            String[] command = new String[arguments.length + 1];
            command[0] = "openssl";
            System.arraycopy(arguments, 0, command, 1, arguments.length);
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
