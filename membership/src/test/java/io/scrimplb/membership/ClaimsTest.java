package io.scrimplb.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTest {
    @ParameterizedTest
    @CsvSource({
        "*.example.com, a.example.com, true",
        "*.example.com, a.b.example.com, true",
        "*.example.com, *.example.com, true",
        "*.example.com, *.a.example.com, true",
        "*.example.com, example.com, false",
        "*.example.com, notexample.com, false",
        "*.example.com, *.com, false",
        "*.example.com, *, false",
        "example.com, example.com, true",
        "example.com, a.example.com, false",
        "example.com, *.example.com, false",
        "example.com, *, false",
        "*, anything.test, true",
        "*, *.test, true",
        "*, *, true"
    })
    void aDomainStandsForWhatACertificateForItWould(String rule, String domain, boolean allowed) {
        assertThat(new Claims(List.of(rule), List.of()).allowsDomain(domain)).isEqualTo(allowed);
    }

    @Test
    void noLimitAllowsEverything() {
        assertThat(Claims.UNLIMITED.unlimited()).isTrue();
        assertThat(Claims.UNLIMITED.allowsDomain("*")).isTrue();
        assertThat(Claims.UNLIMITED.allowsPort(22)).isTrue();
    }

    @Test
    void portsAreThoseOfAllRanges() {
        Claims claims = new Claims(List.of(), List.of(PortRange.of(443), new PortRange(8000, 8999)));

        assertThat(claims.unlimited()).isFalse();
        assertThat(List.of(442, 443, 444, 7999, 8000, 8999, 9000))
                .filteredOn(claims::allowsPort)
                .containsExactly(443, 8000, 8999);
        assertThat(claims.allowsDomain("*")).isTrue();
    }
}
