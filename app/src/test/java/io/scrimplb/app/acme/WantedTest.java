package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For what a certificate is ordered, and for what never. */
class WantedTest {
    @ParameterizedTest
    @ValueSource(strings = {"shop.example.com", "a.b.c.example.org", "xn--mnchen-3ya.de", "9to5.example.com"})
    void aHostOfThePublicIsOrderedFor(String host) {
        assertThat(IssuableName.refusal(host, false, false)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "app.localhost",
                "printer.local",
                "10.0.0.7",
                "[2001:db8::1]",
                "single",
                "a_b.example.com",
                "-a.example.com",
                "a..example.com",
                "x.onion",
                "1.0.0.10.in-addr.arpa",
                "shop.invalid",
                "*",
                "*.com",
                ""
            })
    void whatNoAuthoritySignsIsNeverOrderedFor(String host) {
        assertThat(IssuableName.refusal(host, true, true)).isPresent();
    }

    @Test
    void namesOfOwnNetworksNeedAnOwnAuthority() {
        for (String host : List.of("shop.test", "db.internal", "nas.home", "a.corp")) {
            assertThat(IssuableName.refusal(host, false, false)).as(host).isPresent();
            assertThat(IssuableName.refusal(host, false, true)).as(host).isEmpty();
        }
    }

    @Test
    void aWildcardNeedsTheHook() {
        assertThat(IssuableName.refusal("*.example.com", false, false).orElseThrow())
                .contains("acme.dns-hook");
        assertThat(IssuableName.refusal("*.example.com", true, false)).isEmpty();
    }

    @Test
    void aNameThatTheChallengesRecordHasNoRoomForIsRefused() {
        String label = "a".repeat(60) + ".";
        assertThat(IssuableName.refusal(label.repeat(3) + "b".repeat(50) + ".de", false, false))
                .isEmpty();
        assertThat(IssuableName.refusal(label.repeat(3) + "b".repeat(60) + ".de", false, false))
                .isPresent();
    }

    @Test
    void whatAFileIsGoodForIsNotOrdered() {
        Wanted wanted = Wanted.of(
                Set.of("a.example.com", "b.example.com", "x.y.example.com", "example.org"),
                List.of("*.example.com", "example.org"),
                Set.of(),
                false,
                false);

        assertThat(wanted.hosts()).containsExactly("x.y.example.com");
    }

    @Test
    void whatAWildcardIsGoodForGetsNoneOfItsOwnOnceTheWildcardIsThere() {
        Set<String> held = Set.of("*.example.com", "a.example.com", "example.com", "x.y.example.com");
        Set<String> there = Set.of("*.example.com");

        assertThat(Wanted.of(held, List.of(), there, true, false).hosts())
                .containsExactly("*.example.com", "example.com", "x.y.example.com");
        assertThat(Wanted.of(held, List.of(), Set.of(), true, false).hosts())
                .containsExactly("*.example.com", "a.example.com", "example.com", "x.y.example.com");
        assertThat(Wanted.of(held, List.of(), there, false, false).hosts())
                .containsExactly("a.example.com", "example.com", "x.y.example.com");
    }

    @Test
    void whatHasACertificateStaysWhenThereAreTooMany() {
        Set<String> held = IntStream.range(0, 3 * Wanted.MAX_HOSTS)
                .mapToObj(i -> "h" + (10_000 + i) + ".example.com")
                .collect(Collectors.toSet());

        Wanted wanted = Wanted.of(held, List.of(), Set.of("h15999.example.com"), false, false);

        assertThat(wanted.hosts()).hasSize(Wanted.MAX_HOSTS).contains("h15999.example.com");
        assertThat(wanted.refused()).hasSize(Wanted.MAX_HOSTS);
    }

    @Test
    void anotherCertificateStandsBeforeOneThatIsUnwantedOrExpired() {
        Set<String> none = Set.of();
        Set<String> own = Set.of("a.example.com");
        Set<String> wildcard = Set.of("*.example.com");

        assertThat(Display.shows("a.example.com", false, wildcard, own)).isFalse();
        assertThat(Display.shows("a.example.com", true, none, wildcard)).isFalse();
        assertThat(Display.shows("a.example.com", true, none, Set.of("a.example.com", "*.example.com")))
                .isTrue();
        assertThat(Display.shows("a.example.com", false, none, none)).isTrue();
        assertThat(Display.shows("*.example.com", true, none, wildcard)).isTrue();
    }

    @Test
    void whatIsBeyondTheLimitIsNamedAndNotOrdered() {
        Set<String> held = IntStream.range(0, Wanted.MAX_HOSTS + 3)
                .mapToObj(i -> "h" + (10_000 + i) + ".example.com")
                .collect(Collectors.toSet());

        Wanted wanted = Wanted.of(held, List.of(), Set.of(), false, false);

        assertThat(wanted.hosts()).hasSize(Wanted.MAX_HOSTS);
        assertThat(wanted.refused()).hasSize(3);
    }
}
