package io.scrimplb.proxy.balance;

import io.scrimplb.proxy.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Each endpoint in turn, as often as its weight says and as evenly spread as possible: the smooth weighted round robin of
 * nginx (commit 52327e0627f4, 2012), unrolled once into a schedule.
 */
final class RoundRobinBalancer implements Balancer {
    /** Slots of a schedule at most; weights are scaled down to fit, each endpoint keeping one slot at least. */
    static final int MAX_SLOTS = 4096;

    private final Endpoint[] schedule;
    private final AtomicInteger cursor;

    RoundRobinBalancer(List<Endpoint> endpoints, AtomicInteger cursor) {
        this.schedule = schedule(endpoints);
        this.cursor = cursor;
    }

    @Override
    public @Nullable Endpoint pick(Tried tried) {
        Endpoint[] slots = schedule;
        if (slots.length == 0) {
            return null;
        }
        int start = Integer.remainderUnsigned(cursor.getAndIncrement(), slots.length);
        Endpoint secondChoice = null;
        for (int i = 0; i < slots.length; i++) {
            int at = start + i;
            Endpoint candidate = slots[at < slots.length ? at : at - slots.length];
            if (tried.excludes(candidate)) {
                continue;
            }
            if (candidate.preferred()) {
                return candidate;
            }
            if (secondChoice == null) {
                secondChoice = candidate;
            }
        }
        return secondChoice;
    }

    private static Endpoint[] schedule(List<Endpoint> endpoints) {
        int count = endpoints.size();
        int[] weights = new int[count];
        int divisor = 0;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = endpoints.get(i).weight();
            divisor = gcd(weights[i], divisor);
            sum += weights[i];
        }
        int total = 0;
        for (int i = 0; i < count; i++) {
            long scaled = sum / divisor > MAX_SLOTS ? (long) weights[i] * MAX_SLOTS / sum : weights[i] / divisor;
            weights[i] = (int) Math.max(1, scaled);
            total += weights[i];
        }
        Endpoint[] slots = new Endpoint[total];
        int[] current = new int[count];
        for (int slot = 0; slot < total; slot++) {
            int best = 0;
            for (int i = 0; i < count; i++) {
                current[i] += weights[i];
                if (current[i] > current[best]) {
                    best = i;
                }
            }
            current[best] -= total;
            slots[slot] = endpoints.get(best);
        }
        return slots;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
