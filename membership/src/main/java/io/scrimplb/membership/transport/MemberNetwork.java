package io.scrimplb.membership.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.trust.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.util.ExtendedUUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's port and all connections with other members: one loop, one port, three threads for handshakes, whatever
 * the number of peers. Thread-safe; what is not said to be for any thread is for the loop's.
 */
public final class MemberNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberNetwork.class);
    private static final long SWEEP_MILLIS = 500;
    private static final long CLOSE_MILLIS = 250;
    /** Time in which the loop lets go of everything, while nobody waits for it any more. */
    private static final long END_MILLIS = 5_000;

    private final Versions versions;
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Handshakes handshakes;
    private final Channel server;
    private final Control.Self self;
    private final ExtendedUUID address;
    private final Connections connections;
    private final Connector connector;
    private final LongAdder unsent = new LongAdder();

    private MemberNetwork(
            MembershipSpec spec,
            @Nullable Credentials credentials,
            Versions versions,
            MultiThreadIoEventLoopGroup group)
            throws MembershipException {
        this.versions = versions;
        this.group = group;
        this.loop = group.next();
        this.handshakes = new Handshakes(credentials);
        this.server = ListenPort.bind(spec, loop, this::accepted);
        InetSocketAddress bound = (InetSocketAddress) server.localAddress();
        InetAddress at = spec.advertiseAddress() == null ? spec.bindAddress() : spec.advertiseAddress();
        int port = spec.advertisePort() == 0 ? bound.getPort() : spec.advertisePort();
        UUID unique = credentials == null ? UUID.randomUUID() : credentials.memberId();
        UUID id = MemberAddress.id(unique, spec.role());
        this.address = MemberAddress.create(id, spec.role(), spec.memberName(), new InetSocketAddress(at, port));
        this.self = new Control.Self(
                id, spec.role(), MemberAddress.decode(address).orElseThrow().name(), new InetSocketAddress(at, port));
        this.connections = new Connections(id);
        this.connector = new Connector(
                loop, connections, new Introduction(spec.clusterName(), versions, self, Clock.systemUTC()), handshakes);
        // Nobody is let in before all of this stands.
        server.config().setAutoRead(true);
        loop.scheduleWithFixedDelay(connections::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Binds the first free port of the spec's range and lets members in from now on, although nothing is done with what
     * they say before a transport is attached.
     *
     * @param credentials null for a cluster without a secret
     * @param versions what this program speaks
     * @throws MembershipException when the address is none of this machine, or no port is free
     */
    public static MemberNetwork open(MembershipSpec spec, @Nullable Credentials credentials, Versions versions)
            throws MembershipException {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("scrimp-cluster", true), NioIoHandler.newFactory());
        boolean opened = false;
        try {
            MemberNetwork network = new MemberNetwork(spec, credentials, versions, group);
            opened = true;
            return network;
        } finally {
            if (!opened) {
                group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** This member as JGroups knows it. Any thread. */
    public ExtendedUUID address() {
        return address;
    }

    /** Where others reach this member. Any thread. */
    public InetSocketAddress reachedAt() {
        return self.reachedAt();
    }

    /** What came of the last attempt to reach an address. Any thread. */
    public Reach reach(InetSocketAddress at) {
        if (at.equals(self.reachedAt())) {
            return Reach.of(Reach.Outcome.ITSELF);
        }
        return connections.reach(at);
    }

    /** What this program speaks, for people. Any thread. */
    public Versions versions() {
        return versions;
    }

    /** The member at the other end of an open connection; null when there is none. Any thread. */
    public @Nullable Peer peer(UUID id) {
        MemberConnection connection = connections.with(id);
        return connection == null ? null : connection.peer();
    }

    /** Connections that were refused, or closed for what came over them. Any thread. */
    public long refusedConnections() {
        return connections.refusedConnections();
    }

    /** Frames of open connections that were refused. Any thread. */
    public long refusedFrames() {
        return connections.refusedFrames();
    }

    /** Messages that were not sent, because there was no connection or nobody read from it. Any thread. */
    public long unsentMessages() {
        return unsent.sum();
    }

    /** Says goodbye to everybody and frees the port. Blocks for at most half a second. Any thread but the loop's. */
    @Override
    public void close() {
        connections.beginToClose();
        try {
            loop.submit(() -> {
                        server.close();
                        connections.all().forEach(MemberConnection::closeOrderly);
                    })
                    .await(CLOSE_MILLIS);
            group.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).await(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException e) {
            LOG.trace("closed before");
        }
        handshakes.close();
    }

    /** Any thread. */
    void attach(@Nullable Receiver next) {
        connections.attach(next);
    }

    /**
     * Sends a message to a member, over the connection with it or over one that is made for it. Any thread; never
     * blocks. What cannot be sent is dropped.
     *
     * @param to null for whichever member is at that address
     */
    void send(@Nullable UUID to, InetSocketAddress at, byte[] message, int offset, int length) {
        MemberConnection connection = to == null ? null : connections.with(to);
        if (connection != null) {
            if (!connection.send(message, offset, length)) {
                unsent.increment();
            }
            return;
        }
        byte[] copy = new byte[length];
        System.arraycopy(message, offset, copy, 0, length);
        try {
            loop.execute(() -> sendByDialling(to, at, copy));
        } catch (RejectedExecutionException e) {
            LOG.trace("closed meanwhile");
        }
    }

    /** Closes the connections with members that left. Any thread. */
    void left(List<UUID> ids) {
        try {
            loop.execute(() -> connections.left(ids));
        } catch (RejectedExecutionException e) {
            LOG.trace("closed meanwhile");
        }
    }

    /** Where all that is not for any thread belongs. */
    EventLoop loop() {
        return loop;
    }

    /** A newcomer, from anywhere. */
    void accepted(Channel channel) {
        connector.accepted(channel);
    }

    private void sendByDialling(@Nullable UUID to, InetSocketAddress at, byte[] message) {
        MemberConnection connection = to == null ? connections.at(at) : connections.with(to);
        if (connection != null) {
            if (!connection.send(message, 0, message.length)) {
                unsent.increment();
            }
            return;
        }
        if (connections.closing() || at.equals(self.reachedAt()) || self.id().equals(to)) {
            return;
        }
        MemberConnection dialled = connector.dialling(at);
        if (dialled == null || !dialled.sendWhenOpen(to, message)) {
            unsent.increment();
        }
    }
}
