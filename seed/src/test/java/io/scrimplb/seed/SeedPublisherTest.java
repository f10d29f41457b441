package io.scrimplb.seed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class SeedPublisherTest {
    private static final PushPlan MINUTE = new PushPlan(Duration.ofSeconds(60), Duration.ofSeconds(5));
    private final VirtualTimer timer = new VirtualTimer();
    private final MemoryStore store = new MemoryStore();
    private final List<PushResult> results = Collections.synchronizedList(new ArrayList<>());

    private SeedPublisher publisher(String address) {
        SeedPublisher publisher = new SeedPublisher(
                store,
                store,
                () -> new Seed(address, 9999, null),
                MINUTE,
                (provider, result) -> results.add(result),
                new SeedPublisher.Time(timer, new Random(42), timer));
        publisher.start();
        return publisher;
    }

    private List<String> addresses() throws SeedException {
        return store.seeds().stream().map(Seed::address).toList();
    }

    @Test
    void pushesAtOnceAndThenEveryPeriodWithinTheJitter() throws Exception {
        SeedPublisher publisher = publisher("a");
        timer.advance(Duration.ZERO);
        assertThat(addresses()).containsExactly("a");
        timer.advance(timer.next());
        for (int i = 0; i < 50; i++) {
            assertThat(timer.next()).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(65));
            timer.advance(timer.next());
        }
        assertThat(results).hasSize(51).containsOnly(PushResult.OK);
        assertThat(publisher.status().lastSuccess()).contains(timer.instant());
        assertThat(publisher.status().lastError()).isEmpty();
    }

    @Test
    void theStampIsRenewedAndTheDeadArePruned() throws Exception {
        store.put("{\"seeds\":[{\"address\":\"dead\",\"port\":\"1\",\"updated\":\"2026-11-21T11:59:00Z\"}]}"
                .getBytes(UTF_8));
        publisher("a");
        timer.advance(Duration.ofMinutes(5));
        assertThat(addresses()).containsExactly("dead", "a");
        timer.advance(Duration.ofMinutes(6));
        assertThat(addresses()).containsExactly("a");
        Instant updated = store.seeds().get(0).updated();
        assertThat(updated).isAfter(timer.instant().minusSeconds(66));
    }

    @Test
    void aConflictIsMergedAgainWithinASecond() throws Exception {
        store.beforeWrite = () -> {
            store.beforeWrite = null;
            store.put("{\"seeds\":[{\"address\":\"other\",\"port\":\"1\"}]}".getBytes(UTF_8));
        };
        publisher("a");
        timer.advance(Duration.ofSeconds(1));
        assertThat(addresses()).containsExactly("other", "a");
        assertThat(results).containsExactly(PushResult.CONFLICT, PushResult.OK);
    }

    @Test
    void aFirstPushThatAnotherWriterWipesOutIsRepeatedWithinTwoSeconds() throws Exception {
        publisher("a");
        timer.advance(Duration.ZERO);
        store.put("{\"seeds\":[{\"address\":\"other\",\"port\":\"1\"}]}".getBytes(UTF_8));
        timer.advance(Duration.ofSeconds(1));
        assertThat(addresses()).containsExactly("other", "a");
        store.put("{\"seeds\":[{\"address\":\"third\",\"port\":\"1\"}]}".getBytes(UTF_8));
        timer.advance(Duration.ofSeconds(1));
        assertThat(addresses()).containsExactly("third", "a");
        timer.advance(Duration.ofSeconds(2));
        assertThat(timer.next()).isGreaterThan(Duration.ofSeconds(50));
    }

    @Test
    void aStoreThatDropsWritesIsWrittenThreeTimesMoreAndThenOncePerPeriod() throws Exception {
        store.dropsWrites = true;
        CapturedLog log = new CapturedLog();
        SeedPublisher publisher;
        try (log) {
            publisher = publisher("a");
            timer.advance(Duration.ofSeconds(50));
            assertThat(store.writes).isEqualTo(1 + SeedPublisher.MAX_REPEATS);
            assertThat(publisher.status().lastError())
                    .hasValueSatisfying(e -> assertThat(e).contains("is not there when it is read"));
            assertThat(results).endsWith(PushResult.FAILED);

            timer.advance(Duration.ofMinutes(10));
            assertThat(store.writes).isBetween(11, 16);
            assertThat(results).filteredOn(PushResult.OK::equals).hasSize(4);
        }
        assertThat(log.lines("WARN")).hasSize(1);

        store.dropsWrites = false;
        timer.advance(Duration.ofSeconds(70));
        assertThat(addresses()).containsExactly("a");
        assertThat(results).endsWith(PushResult.OK);
        assertThat(publisher.status().lastError()).isEmpty();
        assertThat(publisher.status().lastSuccess())
                .hasValueSatisfying(at -> assertThat(at).isAfter(timer.instant().minusSeconds(70)));
    }

    @Test
    void endlessConflictsAreAFailureAndTriedAgain() {
        store.beforeWrite = () -> store.put("{}".getBytes(UTF_8));
        SeedPublisher publisher = publisher("a");
        timer.advance(Duration.ofSeconds(60));
        assertThat(publisher.status().lastError())
                .hasValueSatisfying(e -> assertThat(e).contains("others write"));
        store.beforeWrite = null;
        timer.advance(Duration.ofSeconds(70));
        assertThat(publisher.status().lastError()).isEmpty();
    }

    @Test
    void aStoreThatIsDownIsTriedWithBackoffAndRecovers() throws Exception {
        store.down = "no route";
        SeedPublisher publisher = publisher("a");
        List<Long> pauses = new ArrayList<>();
        timer.advance(Duration.ZERO);
        for (int i = 0; i < 8; i++) {
            pauses.add(timer.next().toSeconds());
            timer.advance(timer.next());
        }
        assertThat(pauses).startsWith(1L, 2L, 4L, 8L, 16L, 32L);
        assertThat(pauses.subList(6, 8)).allMatch(seconds -> seconds >= 55 && seconds <= 65);
        assertThat(publisher.status().lastError()).contains("no route");
        assertThat(publisher.status().lastSuccess()).isEmpty();
        store.down = null;
        timer.advance(Duration.ofSeconds(66));
        assertThat(addresses()).containsExactly("a");
        assertThat(publisher.status().lastError()).isEmpty();
        assertThat(results).filteredOn(PushResult.FAILED::equals).hasSize(9);
    }

    @Test
    void aCorruptObjectIsOverwritten() throws Exception {
        store.put("<html>oops".getBytes(UTF_8));
        publisher("a");
        timer.advance(Duration.ofSeconds(1));
        assertThat(addresses()).containsExactly("a");
        assertThat(results).containsExactly(PushResult.OK);
    }

    @Test
    void aProviderThatThrowsDoesNotEndThePublisher() throws Exception {
        store.beforeWrite = () -> {
            store.beforeWrite = null;
            throw new IllegalStateException("bug");
        };
        publisher("a");
        timer.advance(Duration.ofSeconds(2));
        assertThat(results).containsExactly(PushResult.FAILED, PushResult.OK);
    }

    @Test
    void anErrorInAProviderDoesNotEndThePublisherEither() throws Exception {
        store.beforeWrite = () -> {
            store.beforeWrite = null;
            throw new NoClassDefFoundError("no/such/Signer");
        };
        SeedPublisher publisher = publisher("a");
        timer.advance(Duration.ZERO);
        assertThat(publisher.status().lastError())
                .hasValueSatisfying(e -> assertThat(e).contains("no/such/Signer"));
        timer.advance(Duration.ofSeconds(2));
        assertThat(results).containsExactly(PushResult.FAILED, PushResult.OK);
    }

    @Test
    void afterCloseNothingIsWritten() {
        SeedPublisher publisher = publisher("a");
        timer.advance(Duration.ZERO);
        publisher.close();
        int reads = store.reads;
        timer.advance(Duration.ofHours(1));
        assertThat(store.reads).isEqualTo(reads);
    }

    @Test
    void onItsOwnThreadItPushesAndWithdraws() throws Exception {
        store.put("{\"seeds\":[{\"address\":\"other\",\"port\":\"1\"}]}".getBytes(UTF_8));
        SeedPublisher publisher = SeedPublisher.start(
                        store, () -> new Seed("a", 9999, null), MINUTE, (provider, result) -> results.add(result))
                .orElseThrow();
        await().atMost(Duration.ofSeconds(10)).until(() -> results.contains(PushResult.OK));
        assertThat(addresses()).containsExactly("other", "a");
        assertThat(publisher.withdraw()).isTrue();
        assertThat(addresses()).containsExactly("other");
    }

    @Test
    void withdrawingFromAStoreThatHangsIsBounded() {
        CountDownLatch hang = new CountDownLatch(1);
        store.beforeWrite = () -> {
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        SeedPublisher publisher = SeedPublisher.start(
                        store, () -> new Seed("a", 9999, null), MINUTE, (provider, result) -> results.add(result))
                .orElseThrow();
        await().atMost(Duration.ofSeconds(10)).until(() -> store.reads > 0);
        long start = System.nanoTime();
        assertThat(publisher.withdraw()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        hang.countDown();
    }
}
