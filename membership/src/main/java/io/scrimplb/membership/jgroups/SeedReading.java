package io.scrimplb.membership.jgroups;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jgroups.stack.IpAddress;

/**
 * What the seeds came to when they were read.
 *
 * @param read whether they were read at all; there are none before
 * @param places what each seed's name stands for, by {@code host:port}, in the source's order; an empty list for a name
 *     that is unknown
 */
record SeedReading(boolean read, Map<String, List<IpAddress>> places) {
    /** Not read yet. */
    static final SeedReading NONE = new SeedReading(false, Map.of());

    SeedReading {
        places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
    }

    /** Each address once. */
    List<IpAddress> addresses() {
        return places.values().stream().flatMap(List::stream).distinct().toList();
    }
}
