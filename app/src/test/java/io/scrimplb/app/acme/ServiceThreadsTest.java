package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServiceThreadsTest {
    @Test
    void whatAnInterruptedOrderStillHandsOverIsTakenBeforeTheEnd() throws Exception {
        ServiceThreads threads = new ServiceThreads(1);
        List<String> done = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> order = threads.pool().submit(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // The certificate had come when it was stopped.
                threads.hand(() -> done.add("taken"));
            }
        });
        begun.await();

        threads.close(() -> order.cancel(true), () -> done.add("saved"));

        assertThat(done).containsExactly("taken", "saved");
    }
}
