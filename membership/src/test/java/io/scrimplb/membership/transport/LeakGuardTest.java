package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A guard that cannot bark is none. */
class LeakGuardTest {
    @Test
    void watchesEveryBufferOfTheModule() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        assertThat(ResourceLeakDetectorFactory.instance()
                        .newResourceLeakDetector(ByteBuf.class)
                        .getClass()
                        .getEnclosingClass())
                .isEqualTo(LeakGuard.class);
    }

    @Test
    void findsABufferThatNobodyReleased() {
        List<String> found = new ArrayList<>();

        await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
            PooledByteBufAllocator.DEFAULT.directBuffer(64).touch("on purpose");
            found.addAll(LeakGuard.collect());
            assertThat(found).isNotEmpty();
        });
        // The last one or two of this loop may only now be found; they must not be held against this class.
        await().pollInterval(Duration.ofMillis(20))
                .until(() -> LeakGuard.collect().isEmpty());
        assertThat(found).allMatch(leak -> leak.contains("on purpose"));
    }
}
