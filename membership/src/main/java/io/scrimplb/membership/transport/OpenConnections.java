package io.scrimplb.membership.transport;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open connections by member. A pair of members may have two for a while, when both connected at one time; both are
 * read, and each side sends on the newest. On the loop's thread, except where a method says otherwise.
 */
final class OpenConnections {
    /** Members that are not in the view and may have open connections all the same, as newcomers have. */
    private static final int MAX_STRANGERS = 512;
    /** Connections with one member: one that each side made, one that broke and is not known to be, one to spare. */
    private static final int MAX_OF_ONE = 4;
    /** Time that a frame may take to arrive whole. */
    private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Time without a word after which the connection with one who is not in the view is closed. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Time that two connections with one member may live side by side. */
    private static final long DOUBLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final UUID own;
    private final Predicate<Peer> viewed;
    private final Map<UUID, List<MemberConnection>> open = new HashMap<>();
    private final Map<UUID, MemberConnection> newest = new ConcurrentHashMap<>();

    /**
     * @param own id of this member
     * @param viewed whether a member is in the view
     */
    OpenConnections(UUID own, Predicate<Peer> viewed) {
        this.own = own;
        this.viewed = viewed;
    }

    /** The connection to send to a member on; null when there is none. Any thread. */
    @Nullable
    MemberConnection with(UUID member) {
        return newest.get(member);
    }

    /**
     * A connection with the member that is reached at an address; null when there is none. A member says itself where
     * it is reached, and one with a token is not believed.
     */
    @Nullable
    MemberConnection withOneAt(InetSocketAddress address) {
        for (MemberConnection connection : newest.values()) {
            if (!connection.peer().restricted() && connection.peer().reachedAt().equals(address)) {
                return connection;
            }
        }
        return null;
    }

    void add(MemberConnection connection) {
        UUID member = connection.peer().id();
        if (open.size() >= MAX_STRANGERS && !open.containsKey(member)) {
            evictStranger();
        }
        List<MemberConnection> connections = open.computeIfAbsent(member, id -> new ArrayList<>(1));
        if (connections.size() >= MAX_OF_ONE) {
            connections.remove(0).closeOrderly();
        }
        connections.add(connection);
        // An older one may be of before the network broke.
        newest.put(member, connection);
    }

    /** A connection ended. True when it was open, and the last one with its member. */
    boolean remove(MemberConnection connection) {
        if (connection.openedNanos() == 0) {
            return false;
        }
        UUID member = connection.peer().id();
        List<MemberConnection> others = open.get(member);
        if (others == null || !others.remove(connection)) {
            return false;
        }
        if (others.isEmpty()) {
            open.remove(member);
            newest.remove(member);
            return true;
        }
        newest.put(member, others.get(others.size() - 1));
        return false;
    }

    /** Closes those with members that left the view. */
    void left(List<UUID> members) {
        for (UUID member : members) {
            List<MemberConnection> connections = open.get(member);
            if (connections != null) {
                List.copyOf(connections).forEach(MemberConnection::closeOrderly);
            }
        }
    }

    List<MemberConnection> all() {
        return open.values().stream().flatMap(List::stream).toList();
    }

    /** Closes what is overdue. */
    void sweep(long now) {
        for (MemberConnection connection : all()) {
            if (connection.overdue(now)) {
                connection.abort();
            } else if (connection.reads().partialNanos() != 0
                    && now - connection.reads().partialNanos() > FRAME_NANOS) {
                connection.late("a frame that did not end");
            } else if (isSpare(connection, now) || isForgotten(connection, now)) {
                connection.closeOrderly();
            }
        }
    }

    /**
     * Of two that each side made at one time, that of the lower id stays, and the side that made the other closes it. Of
     * two that one side made, to two addresses of a member, the newer stays.
     */
    private boolean isSpare(MemberConnection connection, long now) {
        if (!connection.dialled() || now - connection.openedNanos() < DOUBLE_NANOS) {
            return false;
        }
        UUID member = connection.peer().id();
        for (MemberConnection other : open.getOrDefault(member, List.of())) {
            boolean stays =
                    other.dialled() ? other.openedNanos() - connection.openedNanos() > 0 : own.compareTo(member) > 0;
            if (other != connection && other.open() && stays) {
                return true;
            }
        }
        return false;
    }

    private boolean isForgotten(MemberConnection connection, long now) {
        return now - connection.reads().readNanos() > IDLE_NANOS && !viewed.test(connection.peer());
    }

    /** Of those who are not in the view, the one that was silent longest goes. */
    private void evictStranger() {
        MemberConnection longest = null;
        int strangers = 0;
        for (MemberConnection connection : newest.values()) {
            if (!viewed.test(connection.peer())) {
                strangers++;
                if (longest == null
                        || connection.reads().readNanos() - longest.reads().readNanos() < 0) {
                    longest = connection;
                }
            }
        }
        if (strangers >= MAX_STRANGERS && longest != null) {
            longest.closeOrderly();
        }
    }
}
