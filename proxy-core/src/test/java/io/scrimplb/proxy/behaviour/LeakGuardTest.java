package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
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
}
