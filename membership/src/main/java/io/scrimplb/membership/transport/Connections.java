package io.scrimplb.membership.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The book of this member's connections, from their first byte to their last, which they keep up to date themselves:
 * those that introduce themselves, the open ones, those that were dialled, and what was refused. On the loop's thread,
 * except where a method says otherwise.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    /** Connections at a time that have not proved themselves. */
    private static final int MAX_NEWCOMERS = 256;
    /** Time from connection to open. */
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Admission<MemberConnection> admission = new Admission<>(MAX_NEWCOMERS);
    private final Set<MemberConnection> introducing = new HashSet<>();
    private final OpenConnections open;
    private final Dials dials = new Dials();
    private final RefusalLog refusals = new RefusalLog();
    private final LongAdder refusedFrames = new LongAdder();
    private volatile @Nullable Receiver receiver;
    private volatile boolean closing;

    /**
     * @param own id of this member
     */
    Connections(UUID own) {
        this.open = new OpenConnections(own, this::isViewed);
    }

    /** Who gets what arrives from now on; null for nobody. Any thread. */
    void attach(@Nullable Receiver next) {
        receiver = next;
    }

    /** From now on, nobody is told of connections that end. Any thread. */
    void beginToClose() {
        closing = true;
    }

    /** Any thread. */
    boolean closing() {
        return closing;
    }

    /** The connection to send to a member on; null when there is none. Any thread. */
    @Nullable
    MemberConnection with(UUID member) {
        return open.with(member);
    }

    /** The open connection that was made to an address, or with one that is reached there; null when there is none. */
    @Nullable
    MemberConnection at(InetSocketAddress address) {
        MemberConnection dialled = dials.openAt(address);
        return dialled == null ? open.withOneAt(address) : dialled;
    }

    Dials dials() {
        return dials;
    }

    /** What came of the last attempt to reach an address. Any thread. */
    Reach reach(InetSocketAddress at) {
        return dials.reach(at);
    }

    /** Connections that were refused, or closed for what came over them. Any thread. */
    long refusedConnections() {
        return refusals.count();
    }

    /** Frames of open connections that were refused. Any thread. */
    long refusedFrames() {
        return refusedFrames.sum();
    }

    /** Whether a member is in the view. Any thread. */
    boolean isViewed(Peer peer) {
        Receiver to = receiver;
        return to != null && to.isMember(peer);
    }

    /** One is being made. */
    void began(MemberConnection dialled) {
        introducing.add(dialled);
    }

    /** A newcomer is there, from anywhere; another one may have to go for it. */
    void arrived(MemberConnection newcomer, InetAddress from) {
        introducing.add(newcomer);
        MemberConnection victim = admission.enter(newcomer, from);
        if (victim != null) {
            refusals.refused(null, "too many at a time");
            victim.abort();
        }
    }

    void connected(InetSocketAddress target) {
        dials.connected(target);
    }

    void advanced(MemberConnection newcomer, Admission.Stage from, Admission.Stage to) {
        admission.advance(newcomer, from, to);
    }

    void refused(@Nullable InetAddress from, String why) {
        refusals.refused(from, why);
    }

    void opened(MemberConnection connection) {
        introducing.remove(connection);
        admission.leave(connection);
        open.add(connection);
        dials.opened(connection);
    }

    void received(Peer from, byte[] message) throws IOException {
        Receiver to = receiver;
        if (to == null) {
            return;
        }
        to.received(from, message);
    }

    /** A frame of an open connection was refused. */
    void refusedFrame(@Nullable InetAddress from, String why) {
        refusedFrames.increment();
        refusals.refused(from, why);
    }

    void closed(MemberConnection connection) {
        introducing.remove(connection);
        admission.leave(connection);
        dials.closed(connection);
        Receiver to = receiver;
        if (open.remove(connection) && !closing && to != null) {
            if (!connection.orderly()) {
                to.lost(connection.peer());
            }
            to.gone(connection.peer());
        }
    }

    /** Closes those with members that left the view. */
    void left(List<UUID> members) {
        open.left(members);
    }

    List<MemberConnection> all() {
        List<MemberConnection> all = new ArrayList<>(introducing);
        all.addAll(open.all());
        return all;
    }

    /** Closes what is overdue, forgets what nobody asks for, and tells what was refused. */
    void sweep() {
        try {
            long now = System.nanoTime();
            for (MemberConnection connection : List.copyOf(introducing)) {
                if (connection.overdue(now)) {
                    connection.abort();
                } else if (now - connection.createdNanos() > OPEN_NANOS) {
                    connection.late("it did not prove itself in time");
                }
            }
            open.sweep(now);
            dials.sweep(now);
            refusals.tell();
        } catch (RuntimeException e) {
            LOG.error("looking after the cluster's connections failed, and is tried again", e);
        }
    }
}
