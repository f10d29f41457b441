package io.scrimplb.app.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a certificate is renewed. Stateless. */
final class RenewalTime {
    /**
     * When the authority would like it to be (RFC 9773, 4.2).
     *
     * @param end not before {@code start}
     */
    record Window(Instant start, Instant end) {
        Window {
            if (end.isBefore(start)) {
                throw new IllegalArgumentException("a window that ends before it starts");
            }
        }
    }

    private static final double TWO_THIRDS = 2 / 3.0;
    /** Part of the lifetime over which renewals spread, so that certificates of one hour are not renewed in one minute. */
    private static final double SPREAD = 1 / 30.0;
    /** Part of the lifetime that is left for trying again, whatever the authority would like. */
    private static final double RESERVE = 1 / 6.0;

    private RenewalTime() {}

    /**
     * At two thirds of the lifetime and a bit, or at some time within the authority's window.
     *
     * @param chance 0 to below 1, the same for the same certificate wherever it is asked for
     */
    static Instant of(Instant notBefore, Instant notAfter, Optional<Window> suggested, double chance) {
        Duration lifetime = Duration.between(notBefore, notAfter);
        if (suggested.isEmpty()) {
            return notBefore.plus(part(lifetime, TWO_THIRDS + SPREAD * chance));
        }
        Window window = suggested.get();
        Instant chosen = window.start().plus(part(Duration.between(window.start(), window.end()), chance));
        Instant latest = notAfter.minus(part(lifetime, RESERVE));
        return chosen.isAfter(latest) ? latest : chosen;
    }

    private static Duration part(Duration whole, double part) {
        return Duration.ofMillis(Math.round(whole.toMillis() * part));
    }
}
