package io.scrimplb.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SeedSetTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration PRUNE = Duration.ofMinutes(10);
    private static final Seed OWN = new Seed("10.0.0.9", 9999, null);

    private static SeedSet parse(String json) throws SeedException {
        return SeedSet.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "test");
    }

    private static String text(SeedSet set) {
        return new String(set.toJson(), StandardCharsets.UTF_8).replace('"', '\'');
    }

    @Test
    void readsTheOriginalsFormWithPortsAsTextOrNumber() throws Exception {
        SeedSet set =
                parse("{'seeds':[{'address':'203.0.113.7','port':'9999'},{'address':'[2001:DB8::1]','port':9998}]}");
        assertThat(set.seeds())
                .containsExactly(new Seed("203.0.113.7", 9999, null), new Seed("2001:DB8::1", 9998, null));
    }

    @Test
    void addsTheOwnSeedInTheOriginalsForm() {
        assertThat(text(SeedSet.empty().merge(OWN, NOW, PRUNE)))
                .isEqualTo("{'seeds':[{'address':'10.0.0.9','port':'9999','updated':'2026-11-21T12:00:00Z'}]}");
    }

    @Test
    void renewsTheOwnEntryOnceAndKeepsItsForeignFields() throws Exception {
        SeedSet set = parse("{'v':7,'seeds':[{'address':'10.0.0.9','port':9999,'zone':'a'},"
                + "{'address':'10.0.0.9','port':'9999'}]}");
        assertThat(text(set.merge(OWN, NOW, PRUNE)))
                .isEqualTo(
                        "{'v':7,'seeds':[{'address':'10.0.0.9','port':9999,'zone':'a','updated':'2026-11-21T12:00:00Z'}]}");
    }

    @Test
    void prunesWhatNobodyRenewedAndKeepsWhatNeverSaysWhen() throws Exception {
        SeedSet set = parse("{'seeds':[{'address':'a','port':'1','updated':'2026-11-21T11:49:59Z'},"
                + "{'address':'b','port':'1','updated':'2026-11-21T12:50:01+01:00'},"
                + "{'address':'c','port':'1'},{'address':'d','port':'1','updated':'yesterday'},'odd']}");
        SeedSet merged = set.merge(OWN, NOW, PRUNE);
        assertThat(merged.seeds()).extracting(Seed::address).containsExactly("b", "c", "d", "10.0.0.9");
        assertThat(text(merged)).contains("'odd'");
    }

    @Test
    void aSeedFromTheFutureAgesFromNow() throws Exception {
        SeedSet merged = parse("{'seeds':[{'address':'a','port':'1','updated':'2036-01-01T00:00:00Z'}]}")
                .merge(OWN, NOW, PRUNE);
        assertThat(merged.seeds().get(0).updated()).isEqualTo(NOW);
        assertThat(merged.merge(OWN, NOW.plus(PRUNE).plusSeconds(1), PRUNE).seeds())
                .extracting(Seed::address)
                .containsExactly("10.0.0.9");
    }

    @Test
    void twoSpellingsOfAnIpv6AddressAreOneSeed() throws Exception {
        SeedSet set = parse("{'seeds':[{'address':'2001:db8:0:0::1','port':'9999'}]}");
        assertThat(set.merge(new Seed("[2001:DB8::1]", 9999, null), NOW, PRUNE).seeds())
                .hasSize(1);
    }

    @Test
    void withoutTakesOutTheOwnEntryAlone() throws Exception {
        SeedSet set = parse("{'x':1,'seeds':[{'address':'a','port':'1'},{'address':'10.0.0.9','port':'9999'}]}");
        assertThat(text(set.without(OWN))).isEqualTo("{'x':1,'seeds':[{'address':'a','port':'1'}]}");
    }

    @Test
    void keepsAtMostTheLimitAndDropsTheOldest() throws Exception {
        StringBuilder many = new StringBuilder("{'seeds':[");
        for (int i = 0; i < SeedSet.MAX_SEEDS; i++) {
            many.append(
                    "{'address':'h" + i + "','port':'1','updated':'2026-11-21T11:5" + (i == 500 ? 0 : 5) + ":00Z'},");
        }
        many.setLength(many.length() - 1);
        SeedSet merged = parse(many + "]}").merge(OWN, NOW, PRUNE);
        assertThat(merged.seeds())
                .hasSize(SeedSet.MAX_SEEDS)
                .extracting(Seed::address)
                .contains("10.0.0.9", "h499");
        assertThat(merged.seeds()).extracting(Seed::address).doesNotContain("h500");
    }

    @Test
    void neverGrowsBeyondTheSizeLimit() throws Exception {
        String filler = "x".repeat(SeedSet.MAX_BYTES - 150);
        SeedSet full =
                parse("{'seeds':[{'address':'a','port':'1','note':'" + filler + "'},{'address':'b','port':'1'}]}");
        assertThat(full.merge(OWN, NOW, PRUNE).toJson().length).isLessThanOrEqualTo(SeedSet.MAX_BYTES);
        assertThat(full.merge(OWN, NOW, PRUNE).seeds())
                .extracting(Seed::address)
                .contains("10.0.0.9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "{}", "{'seeds':null}", "{'seeds':[]}"})
    void nothingAtAllIsAnEmptySet(String json) throws Exception {
        assertThat(parse(json).seeds()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "7", "{'seeds':7}", "{'seeds':[]} x", "<html>", "{'seeds':[],'seeds':[]}"})
    void anythingElseIsCorruptAndSaidInOneLine(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(SeedCorruptException.class)
                .hasMessageStartingWith("test holds no seed object (")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void deepNestingAndGreatSizeAreCorruptNotAnOverflow() {
        assertThatThrownBy(() -> parse("[".repeat(100_000))).isInstanceOf(SeedCorruptException.class);
        assertThatThrownBy(() -> SeedSet.parse(new byte[SeedSet.MAX_BYTES + 1], "test"))
                .isInstanceOf(SeedCorruptException.class)
                .hasMessageContaining("larger than");
    }
}
