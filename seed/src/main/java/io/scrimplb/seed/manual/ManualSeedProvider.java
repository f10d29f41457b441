package io.scrimplb.seed.manual;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedProvider;
import java.util.List;
import java.util.stream.Collectors;

/** The seeds of the configuration, always the same. */
public final class ManualSeedProvider implements SeedProvider {
    static final String TYPE = "manual";
    private final List<Seed> seeds;

    public ManualSeedProvider(List<Seed> seeds) {
        this.seeds = List.copyOf(seeds);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String location() {
        return seeds.stream().map(Seed::hostPort).collect(Collectors.joining(", "));
    }

    @Override
    public List<Seed> seeds() {
        return seeds;
    }
}
