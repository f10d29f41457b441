package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigReferenceTest {
    @Test
    void thePageThatUsersReadIsWhatTheSchemaSays() throws IOException {
        // Mend it with the actual text of this assertion.
        assertThat(Files.readString(Path.of("docs", "configuration.md"))).isEqualTo(ConfigReference.markdown());
    }
}
