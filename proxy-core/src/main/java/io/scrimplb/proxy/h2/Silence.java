package io.scrimplb.proxy.h2;

/**
 * Finds an endpoint that is gone without a word: when nothing came for a while although something should, it is asked by a PING
 * (RFC 9113, 6.7), and given up without an answer. Decides by the times it is given; not thread-safe.
 */
final class Silence {
    /** Silence after which an endpoint that owes responses is asked whether it is still there. */
    static final long ASK_NANOS = 15_000_000_000L;

    /** Time for the answer. */
    static final long ANSWER_NANOS = 5_000_000_000L;

    /** What is to be done. */
    enum Verdict {
        WAIT,
        ASK,
        GIVE_UP
    }

    private long heardNanos;
    private long askedNanos;
    private boolean asked;

    /** Something came, or from now on something should. */
    void heard(long nowNanos) {
        heardNanos = nowNanos;
        asked = false;
    }

    /** Only while something should come. */
    Verdict look(long nowNanos) {
        if (asked) {
            return nowNanos - askedNanos > ANSWER_NANOS ? Verdict.GIVE_UP : Verdict.WAIT;
        }
        if (nowNanos - heardNanos > ASK_NANOS) {
            asked = true;
            askedNanos = nowNanos;
            return Verdict.ASK;
        }
        return Verdict.WAIT;
    }
}
