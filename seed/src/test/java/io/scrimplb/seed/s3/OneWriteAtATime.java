package io.scrimplb.seed.s3;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedSet;
import io.scrimplb.seed.SeedSnapshot;
import io.scrimplb.seed.SeedStore;
import io.scrimplb.seed.SeedVersion;
import java.util.List;
import java.util.Optional;

/**
 * Makes up for the test's server, which checks If-Match and writes in two steps, where S3 does both in one. Reads still
 * go on beside writes, so writers do outdate each other and every condition is judged by the server.
 */
record OneWriteAtATime(S3SeedProvider s3, Object turn) implements SeedProvider, SeedStore {
    @Override
    public String type() {
        return s3.type();
    }

    @Override
    public String location() {
        return s3.location();
    }

    @Override
    public List<Seed> seeds() throws SeedException {
        return s3.seeds();
    }

    @Override
    public Optional<SeedStore> store() {
        return Optional.of(this);
    }

    @Override
    public SeedSnapshot read() throws SeedException {
        return s3.read();
    }

    @Override
    public void write(SeedSet seeds, SeedVersion version) throws SeedException {
        synchronized (turn) {
            s3.write(seeds, version);
        }
    }
}
