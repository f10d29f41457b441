package io.scrimplb.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SeedTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1,10.0.0.1:9999",
        "10.0.0.1:80,10.0.0.1:80",
        "lb.example.com:1,lb.example.com:1",
        "[fd02:c0df:1500:1::10],[fd02:c0df:1500:1::10]:9999",
        "[::1]:65535,[::1]:65535",
        "fd02::10,[fd02::10]:9999"
    })
    void readsHostAndPort(String text, String expected) {
        assertThat(Seed.parse(text, 9999).hostPort()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "a:", "a:0", "a:65536", "a:b", "[::1", "[name]:80", "::g", "a b", "-x", "a:1:2"})
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Seed.parse(text, 9999));
    }

    @Test
    void spellingAndAgeDoNotMakeAnotherMember() {
        assertThat(new Seed("LB.example.com", 1, java.time.Instant.EPOCH)
                        .sameMember(new Seed("lb.example.com", 1, null)))
                .isTrue();
        assertThat(new Seed("a", 1, null).sameMember(new Seed("a", 2, null))).isFalse();
    }
}
