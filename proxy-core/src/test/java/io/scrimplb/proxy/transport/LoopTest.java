package io.scrimplb.proxy.transport;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LoopTest {
    /** Counts its sweeps, and fails in each of them if it is told to. */
    private static final class Counting implements Swept {
        final AtomicInteger sweeps = new AtomicInteger();
        private final boolean failing;
        private int index = NOT_SWEPT;

        Counting(boolean failing) {
            this.failing = failing;
        }

        @Override
        public void sweep(long nowNanos) {
            sweeps.incrementAndGet();
            if (failing) {
                throw new OutOfMemoryError("as if");
            }
        }

        @Override
        public void drain() {}

        @Override
        public void abort() {}

        @Override
        public int sweepIndex() {
            return index;
        }

        @Override
        public void sweepIndex(int at) {
            index = at;
        }
    }

    @Test
    void anErrorInOneDeadlineEndsNoOther() {
        Counting failing = new Counting(true);
        Counting other = new Counting(false);
        try (EventLoops loops = EventLoops.start(List.of(SocketApi.NIO), 1)) {
            Loop loop = loops.loops().get(0);
            loop.executor().execute(() -> {
                loop.enlist(other);
                loop.enlist(failing);
            });

            await().atMost(Duration.ofSeconds(15)).until(() -> other.sweeps.get() >= 3 && failing.sweeps.get() >= 3);
        }
    }
}
