package io.scrimplb.app.acme;

import java.time.Instant;
import java.util.Optional;

/**
 * Why there is no certificate yet, or no new one.
 *
 * @param kind whose patience it costs
 * @param cause one line without secrets
 * @param notBefore before which the authority does not want to hear of it; empty when it did not say
 * @param ofAll whether it would have befallen any other name as well
 */
record Failure(Kind kind, String cause, Optional<Instant> notBefore, boolean ofAll) {
    /** Longest cause, characters; a problem document may be of any length. */
    static final int MAX_CAUSE_CHARACTERS = 400;

    enum Kind {
        /** The authority was asked to look, or refused: it counts such failures for each name. */
        AUTHORITY,
        /** It did not come to an order, or to nothing that an authority counts: the name leads elsewhere, the network is down. */
        LOCAL
    }

    Failure {
        cause = printable(cause);
    }

    /** One of a single name. */
    Failure(Kind kind, String cause, Optional<Instant> notBefore) {
        this(kind, cause, notBefore, false);
    }

    /** The same, which would have befallen any other name as well. */
    Failure forAll() {
        return new Failure(kind, cause, notBefore, true);
    }

    static Failure local(String cause) {
        return new Failure(Kind.LOCAL, cause, Optional.empty());
    }

    static Failure authority(String cause) {
        return new Failure(Kind.AUTHORITY, cause, Optional.empty());
    }

    /** What others wrote, as it may stand in a log line: visible, on one line, and not too long. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().limit(MAX_CAUSE_CHARACTERS).forEach(point -> {
            boolean visible = !Character.isISOControl(point)
                    && Character.getType(point) != Character.FORMAT
                    && Character.getType(point) != Character.SURROGATE
                    && Character.getType(point) != Character.LINE_SEPARATOR
                    && Character.getType(point) != Character.PARAGRAPH_SEPARATOR;
            clean.appendCodePoint(visible ? point : ' ');
        });
        return clean.toString().strip();
    }
}
