package io.scrimplb.seed;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store with real versions, whose moods a test sets. */
final class MemoryStore implements SeedProvider, SeedStore {
    private byte @Nullable [] content;
    private int version;

    @Nullable
    String down;

    @Nullable
    Runnable beforeWrite;

    volatile int reads;
    int writes;
    boolean dropsWrites;

    synchronized void put(byte[] bytes) {
        content = bytes;
        version++;
    }

    @Override
    public String type() {
        return "memory";
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public List<Seed> seeds() throws SeedException {
        return read().seeds().seeds();
    }

    @Override
    public Optional<SeedStore> store() {
        return Optional.of(this);
    }

    @Override
    public synchronized SeedSnapshot read() throws SeedException {
        reads++;
        if (down != null) {
            throw new SeedException(down);
        }
        if (content == null) {
            return SeedSnapshot.absent();
        }
        SeedVersion tag = current();
        try {
            return new SeedSnapshot(SeedSet.parse(content, "memory"), tag);
        } catch (SeedCorruptException e) {
            throw e.at(tag);
        }
    }

    private SeedVersion current() {
        return content == null ? new SeedVersion.Absent() : new SeedVersion.Tagged(String.valueOf(version));
    }

    @Override
    public synchronized void write(SeedSet seeds, SeedVersion expected) throws SeedException {
        Runnable hook = beforeWrite;
        if (hook != null) {
            hook.run();
        }
        if (!current().equals(expected)) {
            throw new SeedConflictException("memory changed");
        }
        writes++;
        if (!dropsWrites) {
            put(seeds.toJson());
        }
    }
}
