package io.scrimplb.membership.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.Proof;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    static final String FIRST = "first";
    static final String TLS = "tls";
    private static final Logger LOG = LoggerFactory.getLogger(MemberNetwork.class);
    /** Connections at a time that have not proved themselves. */
    private static final int MAX_NEWCOMERS = 256;
    /** Time to connect, ms. */
    private static final int CONNECT_MILLIS = 3_000;
    /** Time from connection to open. */
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Bytes of incomplete frames, beyond which those who are not in the view are closed for theirs. */
    private static final long MAX_HELD_BYTES = 8L * 1024 * 1024;

    private static final long SWEEP_MILLIS = 500;
    private static final long CLOSE_MILLIS = 250;
    /** Time in which the loop lets go of everything, while nobody waits for it any more. */
    private static final long END_MILLIS = 5_000;

    private final MembershipSpec spec;
    private final Versions versions;
    private final ControlCodec codec = new ControlCodec();
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Handshakes handshakes;
    private final Channel server;
    private final Control.Self self;
    private final ExtendedUUID address;
    private final Introduction introduction;
    private final RefusalLog refusals = new RefusalLog();
    private final Outgoing outgoing = new Outgoing();
    private final LongAdder unsent = new LongAdder();
    private final LongAdder refusedFrames = new LongAdder();
    private final Dials dials = new Dials();
    private final OpenConnections open;
    private volatile @Nullable Receiver receiver;
    private volatile boolean closing;
    /** Bytes of incomplete frames, of all connections. */
    private long held;

    private final Admission<MemberConnection> admission = new Admission<>(MAX_NEWCOMERS);
    private final Set<MemberConnection> introducing = new HashSet<>();

    private MemberNetwork(
            MembershipSpec spec,
            @Nullable Credentials credentials,
            Versions versions,
            MultiThreadIoEventLoopGroup group)
            throws MembershipException {
        this.spec = spec;
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
        this.introduction = new Introduction(spec.clusterName(), versions, id, Clock.systemUTC());
        this.open = new OpenConnections(id, this::isViewed);
        // Nobody is let in before all of this stands.
        server.config().setAutoRead(true);
        loop.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
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
        return dials.reach(at);
    }

    /** What this program speaks, for people. Any thread. */
    public Versions versions() {
        return versions;
    }

    /** The member at the other end of an open connection; null when there is none. Any thread. */
    public @Nullable Peer peer(UUID id) {
        MemberConnection connection = open.with(id);
        return connection == null ? null : connection.peer();
    }

    /** Connections that were refused, or closed for what came over them. Any thread. */
    public long refusedConnections() {
        return refusals.count();
    }

    /** Frames of open connections that were refused. Any thread. */
    public long refusedFrames() {
        return refusedFrames.sum();
    }

    /** Messages that were not sent, because there was no connection or nobody read from it. Any thread. */
    public long unsentMessages() {
        return unsent.sum();
    }

    /** Says goodbye to everybody and frees the port. Blocks for at most half a second. Any thread but the loop's. */
    @Override
    public void close() {
        closing = true;
        try {
            loop.submit(() -> {
                        server.close();
                        everyConnection().forEach(MemberConnection::closeOrderly);
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

    /** Drops everything without a word, as when the process is killed. For tests. */
    public void crash() throws InterruptedException {
        closing = true;
        loop.submit(() -> {
                    server.close();
                    everyConnection().forEach(MemberConnection::abort);
                })
                .await();
    }

    /** Any thread. */
    void attach(@Nullable Receiver next) {
        receiver = next;
    }

    /**
     * Sends a message to a member, over the connection with it or over one that is made for it. Any thread; never
     * blocks. What cannot be sent is dropped.
     *
     * @param to null for whichever member is at that address
     */
    void send(@Nullable UUID to, InetSocketAddress at, byte[] message, int offset, int length) {
        MemberConnection connection = to == null ? null : open.with(to);
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
            loop.execute(() -> open.left(ids));
        } catch (RejectedExecutionException e) {
            LOG.trace("closed meanwhile");
        }
    }

    /** Where all that is not for any thread belongs. */
    EventLoop loop() {
        return loop;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    ControlCodec codec() {
        return codec;
    }

    Introduction introduction() {
        return introduction;
    }

    Control hello() {
        return new Control.Hello(versions, spec.clusterName(), self);
    }

    /**
     * @param proof of the newcomer; null where there is no secret
     */
    Control welcome(Versions theirs, @Nullable Proof proof) {
        return new Control.Welcome(versions.common(theirs), self, handshakes.certificateFor(proof));
    }

    Handshakes handshakes() {
        return handshakes;
    }

    void advanced(MemberConnection connection, Admission.Stage from, Admission.Stage to) {
        admission.advance(connection, from, to);
    }

    void refused(@Nullable InetAddress from, String why) {
        refusals.refused(from, why);
    }

    void connected(InetSocketAddress target) {
        dials.connected(target);
    }

    void opened(MemberConnection connection) {
        introducing.remove(connection);
        admission.leave(connection);
        open.add(connection);
        dials.opened(connection);
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

    private void sendByDialling(@Nullable UUID to, InetSocketAddress at, byte[] message) {
        MemberConnection connection = to == null ? connectionAt(at) : open.with(to);
        if (connection != null) {
            if (!connection.send(message, 0, message.length)) {
                unsent.increment();
            }
            return;
        }
        if (closing || at.equals(self.reachedAt()) || self.id().equals(to)) {
            return;
        }
        Dial dial = dials.at(at);
        if (dial != null && dial.connection == null && dial.due()) {
            dial(at, dial);
        }
        if (dial == null || dial.connection == null || !dial.connection.sendWhenOpen(to, message)) {
            unsent.increment();
        }
    }

    private @Nullable MemberConnection connectionAt(InetSocketAddress at) {
        MemberConnection dialled = dials.openAt(at);
        return dialled == null ? open.withOneAt(at) : dialled;
    }

    private void dial(InetSocketAddress at, Dial dial) {
        MemberConnection connection = new MemberConnection(this, handshakes.secured(), at);
        dial.began(connection);
        introducing.add(connection);
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MemberConnection.UNTAKEN)
                .option(ChannelOption.RECVBUF_ALLOCATOR, MemberConnection.turns())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(FIRST, new FirstBytes(connection));
                        if (handshakes.secured()) {
                            channel.pipeline().addLast(TLS, handshakes.client());
                        }
                        connection.addTo(channel.pipeline());
                    }
                })
                .connect(at);
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                // Elsewhere than on the loop when not even a socket could be had.
                loop.execute(() -> connection.unreachable(done.cause()));
            }
        });
    }

    /** A newcomer, from anywhere. */
    void accepted(Channel channel) {
        MemberConnection connection = new MemberConnection(this, handshakes.secured(), null);
        introducing.add(connection);
        connection.addTo(channel.pipeline().addLast(FIRST, new FirstBytes(connection)));
        MemberConnection victim =
                admission.enter(connection, ((InetSocketAddress) channel.remoteAddress()).getAddress());
        if (victim != null) {
            refusals.refused(null, "too many at a time");
            victim.abort();
        }
    }

    private void sweep() {
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

    void holds(int bytes) {
        held += bytes;
    }

    boolean holdsTooMuch() {
        return held > MAX_HELD_BYTES;
    }

    boolean isViewed(Peer peer) {
        Receiver to = receiver;
        return to != null && to.isMember(peer);
    }

    private List<MemberConnection> everyConnection() {
        List<MemberConnection> all = new ArrayList<>(introducing);
        all.addAll(open.all());
        return all;
    }
}
