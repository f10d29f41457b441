package io.scrimplb.membership.exchange;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets each sender cause one line of log, and one more whenever what is wrong with it changes. Bounded: of the senders
 * beyond the last {@value #SENDERS} the oldest is forgotten. Not thread-safe.
 */
public final class Complaints {
    private static final int SENDERS = 256;

    private final Map<String, List<String>> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
            return size() > SENDERS;
        }
    };

    /** Whether this is the first complaint about a sender. */
    public boolean first(String sender) {
        return told.putIfAbsent(sender, List.of()) == null;
    }

    /** Whether a sender's list of problems differs from what was last told, and is not empty. */
    public boolean changed(String sender, List<String> problems) {
        if (problems.isEmpty()) {
            told.remove(sender);
            return false;
        }
        return !problems.equals(told.put(sender, List.copyOf(problems)));
    }
}
