package io.scrimplb.app.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What became of the orders for one name. Immutable; the same on all load balancers once they have told each other.
 *
 * @param updated when this was written: of two records of a name the later one counts
 * @param failures when the authority refused, those of the last hour, oldest first
 * @param streak failures of any kind since the last success
 * @param refusals those of them that were the authority's
 * @param notBefore before which it is not tried again
 * @param cause of the last failure, one line; empty when the last attempt succeeded or none ended
 * @param order address of an order that is under way, at the authority; empty when there is none
 * @param window when the authority would like to see the certificate renewed
 */
record NameRecord(
        Instant updated,
        List<Instant> failures,
        int streak,
        int refusals,
        Instant notBefore,
        String cause,
        Optional<String> order,
        Optional<RenewalTime.Window> window) {
    /** Let's Encrypt counts so long, and five failures of a name in that time. */
    static final Duration COUNTED = Duration.ofHours(1);

    static final int MAX_FAILURES = 5;

    /** Nothing was tried yet. */
    static final NameRecord NEW =
            new NameRecord(Instant.EPOCH, List.of(), 0, 0, Instant.EPOCH, "", Optional.empty(), Optional.empty());

    NameRecord {
        failures = List.copyOf(failures);
    }

    /** When the next attempt is allowed: not before the pause is over, and never more than five failures within an hour. */
    Instant nextAttempt() {
        if (failures.size() < MAX_FAILURES) {
            return notBefore;
        }
        Instant counted = failures.get(failures.size() - MAX_FAILURES).plus(COUNTED);
        return counted.isAfter(notBefore) ? counted : notBefore;
    }

    /** An order was begun, or one is taken up again. */
    NameRecord begun(String orderUrl, Instant now) {
        return new NameRecord(now, failures, streak, refusals, notBefore, cause, Optional.of(orderUrl), window);
    }

    NameRecord failed(Failure failure, Instant nextTry, Instant now, boolean orderLives) {
        List<Instant> counted = new ArrayList<>();
        failures.stream().filter(at -> at.isAfter(now.minus(COUNTED))).forEach(counted::add);
        boolean refused = failure.kind() == Failure.Kind.AUTHORITY;
        if (refused) {
            counted.add(now);
        }
        return new NameRecord(
                now,
                counted,
                streak + 1,
                refused ? refusals + 1 : refusals,
                nextTry,
                failure.cause(),
                orderLives ? order : Optional.empty(),
                window);
    }

    /** A certificate came; what the authority counted stays counted. */
    NameRecord succeeded(Instant restUntil, Instant now) {
        List<Instant> counted =
                failures.stream().filter(at -> at.isAfter(now.minus(COUNTED))).toList();
        return new NameRecord(now, counted, 0, 0, restUntil, "", Optional.empty(), Optional.empty());
    }

    NameRecord suggested(RenewalTime.Window suggestion, Instant now) {
        return new NameRecord(now, failures, streak, refusals, notBefore, cause, order, Optional.of(suggestion));
    }

    /** What two load balancers know together: the later word, and every failure that either has seen. */
    NameRecord merged(NameRecord other) {
        NameRecord later = other.updated.isAfter(updated) ? other : this;
        TreeSet<Instant> all = new TreeSet<>(failures);
        all.addAll(other.failures);
        List<Instant> counted =
                all.stream().skip(Math.max(0, all.size() - MAX_FAILURES)).toList();
        return new NameRecord(
                later.updated,
                counted,
                later.streak,
                later.refusals,
                later.notBefore,
                later.cause,
                later.order,
                later.window);
    }
}
