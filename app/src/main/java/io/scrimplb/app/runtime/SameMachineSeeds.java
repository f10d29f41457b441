package io.scrimplb.app.runtime;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedStore;
import io.scrimplb.seed.address.PrivateAddresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets {@code --join localhost} find a load balancer on the same machine: without a secret that one listens on the machine's
 * private address, not on loopback, so a loopback seed means that address too.
 */
final class SameMachineSeeds implements SeedProvider {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private final SeedProvider wrapped;

    SameMachineSeeds(SeedProvider wrapped) {
        this.wrapped = wrapped;
    }

    @Override
    public List<Seed> seeds() throws SeedException {
        List<Seed> seeds = new ArrayList<>();
        for (Seed seed : wrapped.seeds()) {
            seeds.add(seed);
            if (LOOPBACK.contains(seed.address())) {
                seeds.add(new Seed(PrivateAddresses.firstPrivate().getHostAddress(), seed.port(), seed.updated()));
            }
        }
        return List.copyOf(seeds);
    }

    @Override
    public String type() {
        return wrapped.type();
    }

    @Override
    public String location() {
        return wrapped.location();
    }

    @Override
    public Optional<SeedStore> store() {
        return wrapped.store();
    }

    @Override
    public void close() {
        wrapped.close();
    }
}
