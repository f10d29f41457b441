package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.Membership;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedException;
import io.scrimplb.seed.SeedProvider;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Seeds in memory, as a store would keep what load balancers publish. */
final class TestSeeds implements SeedProvider {
    private final List<Seed> seeds = new CopyOnWriteArrayList<>();
    volatile boolean broken;

    void publish(Membership member) {
        publish(member.view().self().address());
    }

    void publish(InetSocketAddress address) {
        seeds.add(new Seed(address.getAddress().getHostAddress(), address.getPort(), null));
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
        return List.copyOf(seeds);
    }
}
