package io.scrimplb.proxy.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.h1.H1UnderTest.Verdict;
import io.scrimplb.proxy.h1.reference.NotHttp;
import io.scrimplb.proxy.h1.reference.ReferenceReader;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every named input is judged as it must be, and alike by the proxy, the reference and Netty; so is what random changes make of it. */
final class FuzzRegressionTest {
    private static final int MAX_CHANGED_BYTES = 2000;
    private static final int CHANGES_PER_SEED = 5;

    @TestFactory
    Stream<DynamicNode> namedInputsAreReadAlikeByAllReaders() {
        return Arrays.stream(FuzzTarget.values())
                .map(target -> DynamicContainer.dynamicContainer(
                        target.name(),
                        target.seeds().stream()
                                .map(seed -> DynamicTest.dynamicTest(
                                        seed.name(),
                                        () -> assertThat(target.check(seed.bytes()))
                                                .isEqualTo(seed.verdict())))));
    }

    @Test
    void everyStricterRuleRefusesOneOfTheNamedInputsAndNoOtherRuleIsNeeded() {
        Set<StricterRule> broken = EnumSet.noneOf(StricterRule.class);
        for (FuzzTarget target : FuzzTarget.values()) {
            for (Seed seed : target.seeds()) {
                if (seed.verdict() == Verdict.REFUSED) {
                    ruleOf(target, seed).ifPresent(broken::add);
                }
            }
        }

        assertThat(broken).containsExactlyInAnyOrder(StricterRule.values());
    }

    /** The rule by which something is refused that the reference can read. */
    private static Optional<StricterRule> ruleOf(FuzzTarget target, Seed seed) {
        try {
            String body = target == FuzzTarget.TRAILER ? "0\r\n" + seed.text() : seed.text();
            ReferenceReader reader = ReferenceReader.received(body, 0);
            return switch (target) {
                case REQUEST -> StricterRule.ofRequest(body, reader.request());
                case RESPONSE -> StricterRule.ofResponse(body, reader.response(false));
                case CHUNKED, TRAILER -> StricterRule.ofBody(body, reader.chunked());
                case PATH -> Optional.empty();
            };
        } catch (NotHttp e) {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void changedInputsAreReadAlikeByAllReaders(FuzzTarget target) {
        Random random = new Random(20261126);
        for (Seed seed : target.seeds()) {
            if (seed.text().length() > MAX_CHANGED_BYTES) {
                continue;
            }
            for (int i = 0; i < CHANGES_PER_SEED; i++) {
                byte[] changed = Mutation.of(seed.bytes(), random);
                try {
                    target.check(changed);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("from '" + seed + "': " + Seed.escaped(changed), e);
                }
            }
        }
    }
}
