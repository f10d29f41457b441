package io.scrimplb.membership.wire;

import java.util.List;

/** What became of the bytes of a message. */
public sealed interface Decoded {
    /**
     * Understood.
     *
     * @param refused how many applications were left out
     * @param problems why, one line each, at most {@link WireLimits#PROBLEMS}
     */
    record Understood(WireMessage message, int refused, List<String> problems) implements Decoded {
        public Understood {
            problems = List.copyOf(problems);
        }
    }

    /** Well-formed, but of a version or type that this program does not know; a newer member may say it. */
    record Unknown(String what) implements Decoded {}

    /** Malformed or over a limit. */
    record Malformed(String why) implements Decoded {}
}
