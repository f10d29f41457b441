package io.scrimplb.seed.dummy;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedProvider;
import java.util.List;

/** Never has a seed, and nothing can be published there: for a load balancer that backends are told of by hand. */
public final class DummySeedProvider implements SeedProvider {
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
}
