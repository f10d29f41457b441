package io.scrimplb.proxy.balance;

import io.scrimplb.proxy.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Of two endpoints drawn at random, the one with fewer attempts in flight for its weight (Mitzenmacher, "The Power of Two
 * Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001).
 */
final class P2cBalancer implements Balancer {
    private final Endpoint[] endpoints;

    P2cBalancer(List<Endpoint> endpoints) {
        this.endpoints = endpoints.toArray(new Endpoint[0]);
    }

    @Override
    public @Nullable Endpoint pick(Tried tried) {
        int count = endpoints.length;
        if (count == 0) {
            return null;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = random.nextInt(count);
        int second = count == 1 ? first : (first + 1 + random.nextInt(count - 1)) % count;
        Endpoint a = endpoints[first];
        Endpoint b = endpoints[second];
        boolean aGood = !tried.excludes(a) && a.preferred();
        boolean bGood = !tried.excludes(b) && b.preferred();
        if (aGood && bGood) {
            return lessLoaded(a, b);
        }
        if (aGood) {
            return a;
        }
        return bGood ? b : scan(tried, first);
    }

    /** Neither draw can be used: the least loaded of all that are left, the preferred ones first. */
    private @Nullable Endpoint scan(Tried tried, int start) {
        Endpoint best = null;
        boolean bestPreferred = false;
        for (int i = 0; i < endpoints.length; i++) {
            Endpoint candidate = endpoints[(start + i) % endpoints.length];
            if (tried.excludes(candidate)) {
                continue;
            }
            boolean preferred = candidate.preferred();
            if (best == null
                    || (preferred && !bestPreferred)
                    || (preferred == bestPreferred && lessLoaded(best, candidate) != best)) {
                best = candidate;
                bestPreferred = preferred;
            }
        }
        return best;
    }

    private static Endpoint lessLoaded(Endpoint a, Endpoint b) {
        long loadOfA = (long) (a.state().inFlight() + 1) * b.weight();
        long loadOfB = (long) (b.state().inFlight() + 1) * a.weight();
        return loadOfB < loadOfA ? b : a;
    }
}
