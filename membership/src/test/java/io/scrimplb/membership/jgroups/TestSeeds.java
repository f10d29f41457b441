package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.Membership;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedCorruptException;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedSet;
import io.scrimplb.seed.SeedSnapshot;
import io.scrimplb.seed.SeedStore;
import io.scrimplb.seed.SeedVersion;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Seeds in memory, as a store would keep what load balancers publish. */
final class TestSeeds implements SeedProvider {
    private final List<Seed> seeds = new CopyOnWriteArrayList<>();
    volatile boolean broken;
    volatile boolean corrupt;
    volatile boolean writable;
    volatile @Nullable Error error;

    void publish(Membership member) {
        publish(member.view().self().address());
    }

    void publish(InetSocketAddress address) {
        seeds.add(new Seed(address.getAddress().getHostAddress(), address.getPort(), null));
    }

    void publish(Seed seed) {
        seeds.add(seed);
    }

    void clear() {
        seeds.clear();
    }

    @Override
    public String type() {
        return "test";
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public List<Seed> seeds() throws SeedException {
        if (broken) {
            throw new SeedException("the store is on fire: put it out");
        }
        Error thrown = error;
        if (thrown != null) {
            throw thrown;
        }
        if (corrupt) {
            throw new SeedCorruptException("memory holds no seed object", new SeedVersion.Untagged());
        }
        return List.copyOf(seeds);
    }

    @Override
    public Optional<SeedStore> store() {
        return writable ? Optional.of(new Store()) : Optional.empty();
    }

    /** Nobody publishes in these tests; the load balancers' seeds are put here by hand. */
    private static final class Store implements SeedStore {
        @Override
        public SeedSnapshot read() {
            return SeedSnapshot.absent();
        }

        @Override
        public void write(SeedSet written, SeedVersion version) {}
    }
}
