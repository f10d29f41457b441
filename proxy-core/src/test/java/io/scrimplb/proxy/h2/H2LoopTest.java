package io.scrimplb.proxy.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.exchange.ExchangeLoop;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.telemetry.AccessLog;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.transport.SocketApi;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class H2LoopTest {
    /** Counts its flushes, and its end; fails in a flush if it is told to. */
    private static final class Counting implements H2Loop.Flushed {
        final CountDownLatch flushed = new CountDownLatch(4);
        final CountDownLatch aborted = new CountDownLatch(1);
        private final boolean failing;

        Counting(boolean failing) {
            this.failing = failing;
        }

        @Override
        public void flushTurn() {
            flushed.countDown();
            if (failing) {
                throw new OutOfMemoryError("as if");
            }
        }

        @Override
        public void abort() {
            aborted.countDown();
        }
    }

    @Test
    void aConnectionForWhichThereIsNoMemoryEndsAndTheOthersGoOn() throws Exception {
        Counting failing = new Counting(true);
        Counting other = new Counting(false);
        try (EventLoops loops = EventLoops.start(List.of(SocketApi.NIO), 1)) {
            Loop loop = loops.loops().get(0);
            ProxyContext context = new ProxyContext(
                    () -> {
                        throw new IllegalStateException("nobody asks");
                    },
                    AccessLog.OFF,
                    1);
            H2Loop h2 = new H2Loop(new ExchangeLoop(loop, context), 1);
            loop.executor().execute(() -> {
                h2.dirty(failing);
                h2.dirty(other);
            });
            assertThat(failing.aborted.await(10, TimeUnit.SECONDS)).isTrue();
            for (int turn = 0; turn < 3; turn++) {
                loop.executor().submit(() -> h2.dirty(other)).await(10, TimeUnit.SECONDS);
            }

            assertThat(other.flushed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(failing.flushed.getCount())
                    .as("of four flushes, one came")
                    .isEqualTo(3);
        }
    }
}
