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

    /** Turns that are passed over before all endpoints are looked at one by one. */
    private static final int MAX_SKIPS = 32;

    private final Endpoint[] endpoints;
    private final Endpoint[] schedule;
    private final AtomicInteger cursor;

    RoundRobinBalancer(List<Endpoint> endpoints, AtomicInteger cursor) {
        this.endpoints = endpoints.toArray(new Endpoint[0]);
        this.schedule = schedule(endpoints);
        this.cursor = cursor;
    }

    @Override
    public @Nullable Endpoint pick(Tried tried) {
        Endpoint[] slots = schedule;
        if (slots.length == 0) {
            return null;
        }
        // Whoever cannot be used gives up its turn, so that its share is spread over the others by their weights.
        int skips = Math.min(slots.length, MAX_SKIPS);
        int turn = 0;
        for (int i = 0; i < skips; i++) {
            turn = cursor.getAndIncrement();
            Endpoint due = slots[Integer.remainderUnsigned(turn, slots.length)];
            if (!tried.excludes(due) && due.preferred()) {
                return due;
            }
        }
        return another(Integer.remainderUnsigned(turn, endpoints.length), tried);
    }

    /** Most cannot be used: each endpoint once, however many slots it has. */
    private @Nullable Endpoint another(int start, Tried tried) {
        Endpoint secondChoice = null;
        for (int i = 0; i < endpoints.length; i++) {
            Endpoint candidate = endpoints[(start + i) % endpoints.length];
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
