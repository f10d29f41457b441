package io.scrimplb.seed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Writers that all add an entry at once, as often as a conflict sends them back. */
public final class Race {
    private static final int MAX_ATTEMPTS = 500;

    private Race() {}

    /** Lets each writer add itself and asserts that all are there. */
    public static void loseNothing(SeedProvider provider, int writers) throws Exception {
        SeedStore store = provider.store().orElseThrow();
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                Seed own = new Seed("10.0.0." + (i + 1), 9999, null);
                done.add(pool.submit(() -> add(store, own)));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
        Set<String> found = provider.seeds().stream().map(Seed::address).collect(Collectors.toSet());
        assertThat(found).hasSize(writers);
    }

    private static Object add(SeedStore store, Seed own) throws SeedException {
        for (int attempt = 1; ; attempt++) {
            SeedSnapshot found = store.read();
            try {
                store.write(found.seeds().merge(own, Instant.now(), Duration.ofHours(1)), found.version());
                return own;
            } catch (SeedConflictException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
