package io.scrimplb.seed.dummy;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedSet;
import io.scrimplb.seed.SeedSnapshot;
import io.scrimplb.seed.SeedStore;
import io.scrimplb.seed.SeedVersion;
import java.util.List;
import java.util.Optional;

/** Never has a seed and forgets what is written. */
public final class DummySeedProvider implements SeedProvider, SeedStore {
    static final String TYPE = "dummy";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String location() {
        return "nowhere (provider dummy)";
    }

    @Override
    public List<Seed> seeds() {
        return List.of();
    }

    @Override
    public Optional<SeedStore> store() {
        return Optional.of(this);
    }

    @Override
    public SeedSnapshot read() {
        return SeedSnapshot.absent();
    }

    @Override
    public void write(SeedSet seeds, SeedVersion version) {
        // There is nowhere to write to, which is this provider's purpose.
    }
}
