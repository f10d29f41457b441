package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.app.certificates.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTypesTest {
    @TempDir
    Path directory;

    private final String authority =
            TestAuthority.pem(TestAuthority.root("root").certificate());

    @Test
    void aFileThatIsTooLongIsRefusedRatherThanCut() throws Exception {
        Path file = Files.writeString(directory.resolve("ca.pem"), authority + "x".repeat(256 * 1024) + authority);

        assertThatThrownBy(() -> PemTypes.AUTHORITIES.parser().parse(file.toString()))
                .isInstanceOf(BadValueException.class)
                .hasMessageContaining("has more than 256 KiB");
    }

    @Test
    void whatStandsBetweenCertificatesIsLeftOut() throws Exception {
        Path file = Files.writeString(directory.resolve("ca.pem"), "Root of all\n" + authority);

        assertThat(PemTypes.AUTHORITIES.parser().parse(file.toString()).pem())
                .isEqualTo(authority)
                .startsWith("-----BEGIN");
    }
}
