package io.scrimplb.membership.transport;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this member tries, or tried, to connect to, and what came of it. On the loop's thread, except where a method says
 * otherwise.
 */
final class Dials {
    /** Addresses that are remembered. */
    private static final int MAX_DIALS = 4_096;

    private final Map<InetSocketAddress, Dial> dials = new HashMap<>();
    private final Map<InetSocketAddress, Reach> reached = new ConcurrentHashMap<>();

    /** What came of the last attempt to reach an address. Any thread. */
    Reach reach(InetSocketAddress at) {
        return reached.getOrDefault(at, Reach.UNKNOWN);
    }

    /** The attempts at an address; null when too many are remembered. */
    @Nullable
    Dial at(InetSocketAddress address) {
        return dials.size() >= MAX_DIALS && !dials.containsKey(address)
                ? null
                : dials.computeIfAbsent(address, a -> new Dial());
    }

    /** The open connection that was made to an address; null when there is none. */
    @Nullable
    MemberConnection openAt(InetSocketAddress address) {
        Dial dial = dials.get(address);
        return dial != null && dial.connection != null && dial.connection.open() ? dial.connection : null;
    }

    /** The other end took the connection. */
    void connected(InetSocketAddress target) {
        // A word about an earlier attempt says more, as long as this one has not.
        reached.putIfAbsent(target, Reach.of(Reach.Outcome.CONNECTED));
    }

    void opened(MemberConnection connection) {
        InetSocketAddress target = connection.target();
        Dial dial = target == null ? null : dials.get(target);
        if (target != null && dial != null) {
            dial.succeeded();
            reached.put(target, connection.reach());
        }
    }

    void closed(MemberConnection connection) {
        InetSocketAddress target = connection.target();
        Dial dial = target == null ? null : dials.get(target);
        if (target != null && dial != null && dial.connection == connection) {
            dial.ended(connection.reach().outcome() != Reach.Outcome.MEMBER);
            reached.put(target, connection.reach());
        }
    }

    /** Forgets what nobody asked for in a while. */
    void sweep(long now) {
        for (Iterator<Map.Entry<InetSocketAddress, Dial>> it = dials.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<InetSocketAddress, Dial> entry = it.next();
            if (entry.getValue().forgotten(now)) {
                it.remove();
                reached.remove(entry.getKey());
            }
        }
    }
}
