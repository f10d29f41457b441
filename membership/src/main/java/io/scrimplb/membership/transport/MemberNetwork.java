package io.scrimplb.membership.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipException.Reason;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.Proof;
import io.scrimplb.membership.trust.TrustException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.util.ExtendedUUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's port and all connections with other members: one loop, one port, two threads for handshakes, whatever
 * the number of peers. Thread-safe; what is not said to be for any thread is for the loop's.
 */
public final class MemberNetwork implements AutoCloseable {
    /** What arrives; called on the loop, must not block. */
    interface Receiver {
        /**
         * @throws IOException when the message is not to be believed; it ends the connection
         */
        void received(Peer from, byte[] message) throws IOException;

        /** The last connection with a member broke without a goodbye. */
        void lost(Peer peer);

        /** The last connection with a member ended, whatever way. */
        void gone(Peer peer);

        /** Whether a member is in the view, so that its connections are kept. */
        boolean isMember(Peer peer);
    }

    static final String FIRST = "first";
    static final String TLS = "tls";
    private static final Logger LOG = LoggerFactory.getLogger(MemberNetwork.class);
    /** Connections at a time that have not proved themselves. */
    private static final int MAX_NEWCOMERS = 256;
    /** Open connections with those who are not in the view, beside a member's own attempts. */
    private static final int MAX_STRANGERS = 512;
    /** Connections with one member: one that each side made, one that broke and is not known to be, one to spare. */
    private static final int MAX_CONNECTIONS_OF_ONE = 4;
    /** Addresses that are remembered as tried. */
    private static final int MAX_DIALS = 4_096;
    /** Time to connect, ms. */
    private static final int CONNECT_MILLIS = 3_000;
    /** Time from connection to open, and for a frame to arrive whole. */
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Time without a word after which the connection with one who is not in the view is closed. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Time that two connections with one member may live side by side. */
    private static final long DOUBLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long SWEEP_MILLIS = 500;
    /** Handshakes that may wait for a thread. */
    private static final int MAX_HANDSHAKES = MAX_NEWCOMERS * 2;

    private static final int HANDSHAKE_THREADS = 2;
    private static final int BACKLOG = 128;
    private static final int MAX_PORT = 65_535;
    private static final WriteBufferWaterMark UNREAD = new WriteBufferWaterMark(2 * 1024 * 1024, 4 * 1024 * 1024);
    private static final long CLOSE_MILLIS = 250;

    private final MembershipSpec spec;
    private final @Nullable Credentials credentials;
    private final Versions versions;
    private final ControlCodec codec = new ControlCodec();
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final ThreadPoolExecutor handshakes;
    private final Channel server;
    private final Control.Self self;
    private final ExtendedUUID address;
    private final Introduction introduction;
    private final RefusalLog refusals = new RefusalLog();
    private final Outgoing outgoing = new Outgoing();
    private final LongAdder unsent = new LongAdder();
    private final LongAdder refusedFrames = new LongAdder();
    private final Map<UUID, MemberConnection> sending = new ConcurrentHashMap<>();
    private final Map<InetSocketAddress, Reach> reached = new ConcurrentHashMap<>();
    private volatile @Nullable Receiver receiver;
    private volatile boolean closing;

    private final Admission<MemberConnection> admission = new Admission<>(MAX_NEWCOMERS);
    private final Map<UUID, List<MemberConnection>> open = new HashMap<>();
    private final Map<InetSocketAddress, Dial> dials = new HashMap<>();
    private final java.util.Set<MemberConnection> introducing = new java.util.HashSet<>();

    private MemberNetwork(
            MembershipSpec spec,
            @Nullable Credentials credentials,
            Versions versions,
            MultiThreadIoEventLoopGroup group)
            throws MembershipException {
        this.spec = spec;
        this.versions = versions;
        this.credentials = credentials;
        this.group = group;
        this.loop = group.next();
        this.handshakes = new ThreadPoolExecutor(
                HANDSHAKE_THREADS,
                HANDSHAKE_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_HANDSHAKES),
                new DefaultThreadFactory("scrimp-handshake", true));
        handshakes.allowCoreThreadTimeOut(true);
        this.server = bind();
        InetSocketAddress bound = (InetSocketAddress) server.localAddress();
        InetAddress at = spec.advertiseAddress() == null ? spec.bindAddress() : spec.advertiseAddress();
        int port = spec.advertisePort() == 0 ? bound.getPort() : spec.advertisePort();
        UUID unique = credentials == null ? UUID.randomUUID() : credentials.memberId();
        UUID id = MemberAddress.id(unique, spec.role());
        this.address = MemberAddress.create(id, spec.role(), spec.memberName(), new InetSocketAddress(at, port));
        this.self = new Control.Self(
                id, spec.role(), MemberAddress.decode(address).orElseThrow().name(), new InetSocketAddress(at, port));
        this.introduction = new Introduction(spec.clusterName(), versions, id, Clock.systemUTC());
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
        return reached.getOrDefault(at, Reach.UNKNOWN);
    }

    /** What this program speaks, for people. Any thread. */
    public Versions versions() {
        return versions;
    }

    /** The member at the other end of an open connection; null when there is none. Any thread. */
    public @Nullable Peer peer(UUID id) {
        MemberConnection connection = sending.get(id);
        return connection == null ? null : connection.peer();
    }

    /** Connections that were refused before they were open. Any thread. */
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
            group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).await(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException e) {
            LOG.trace("closed before");
        }
        handshakes.shutdownNow();
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
        MemberConnection connection = to == null ? null : sending.get(to);
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
            loop.execute(() -> ids.forEach(id -> {
                List<MemberConnection> connections = open.get(id);
                if (connections != null) {
                    List.copyOf(connections).forEach(MemberConnection::closeOrderly);
                }
            }));
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

    Control welcome(Versions theirs, @Nullable Proof proof) {
        byte[] certificate = proof != null
                        && credentials != null
                        && credentials.canCertify()
                        && proof.grant().joinsUntil().isPresent()
                ? credentials.certify(proof)
                : null;
        return new Control.Welcome(versions.common(theirs), self, certificate);
    }

    Proof proofOf(javax.net.ssl.SSLSession session) throws TrustException {
        return required(credentials).proofOf(session);
    }

    /** Takes over a certificate that a load balancer made for this member. */
    void certified(byte[] certificate) {
        try {
            required(credentials).adopt(certificate);
        } catch (TrustException | IllegalStateException e) {
            LOG.debug("a member certificate is not used: {}", e.getMessage());
        }
    }

    SslHandler serverTls() {
        return tls(required(credentials).serverEngine(List.of(ControlCodec.APPLICATION_PROTOCOL)));
    }

    void advanced(MemberConnection connection, Admission.Stage from, Admission.Stage to) {
        admission.advance(connection, from, to);
    }

    void refused(@Nullable InetAddress from, String why) {
        refusals.refused(from, why);
    }

    void connected(InetSocketAddress target) {
        // A word about an earlier attempt says more, as long as this one has not.
        reached.putIfAbsent(target, Reach.of(Reach.Outcome.CONNECTED));
    }

    void opened(MemberConnection connection) {
        introducing.remove(connection);
        admission.leave(connection);
        Peer peer = connection.peer();
        if (open.size() >= MAX_STRANGERS) {
            evictStranger();
        }
        List<MemberConnection> connections = open.computeIfAbsent(peer.id(), id -> new ArrayList<>(1));
        if (connections.size() >= MAX_CONNECTIONS_OF_ONE) {
            connections.get(0).closeOrderly();
            connections.remove(0);
        }
        connections.add(connection);
        // The newest: an older one may be of before the network broke.
        sending.put(peer.id(), connection);
        InetSocketAddress target = connection.target();
        if (target != null) {
            Dial dial = dials.get(target);
            if (dial != null) {
                dial.succeeded();
            }
            reached.put(target, connection.reach());
        }
    }

    void closed(MemberConnection connection) {
        introducing.remove(connection);
        admission.leave(connection);
        InetSocketAddress target = connection.target();
        if (target != null) {
            Dial dial = dials.get(target);
            if (dial != null && dial.connection == connection) {
                dial.ended(connection.reach().outcome() != Reach.Outcome.MEMBER);
                reached.put(target, connection.reach());
            }
        }
        if (connection.openedNanos() == 0) {
            return;
        }
        Peer peer = connection.peer();
        List<MemberConnection> others = open.get(peer.id());
        if (others == null || !others.remove(connection)) {
            return;
        }
        if (!others.isEmpty()) {
            sending.put(peer.id(), others.get(others.size() - 1));
            return;
        }
        open.remove(peer.id());
        sending.remove(peer.id());
        Receiver to = receiver;
        if (!closing && to != null) {
            if (!connection.orderly()) {
                to.lost(peer);
            }
            to.gone(peer);
        }
    }

    void received(Peer from, byte[] message) throws IOException {
        Receiver to = receiver;
        if (to == null) {
            return;
        }
        try {
            to.received(from, message);
        } catch (IOException e) {
            refusedFrames.increment();
            throw e;
        }
    }

    private void sendByDialling(@Nullable UUID to, InetSocketAddress at, byte[] message) {
        MemberConnection connection = to == null ? connectionAt(at) : sending.get(to);
        if (connection != null) {
            if (!connection.send(message, 0, message.length)) {
                unsent.increment();
            }
            return;
        }
        if (closing || at.equals(self.reachedAt()) || self.id().equals(to)) {
            return;
        }
        if (dials.size() >= MAX_DIALS && !dials.containsKey(at)) {
            unsent.increment();
            return;
        }
        Dial dial = dials.computeIfAbsent(at, address -> new Dial());
        if (dial.connection == null && dial.due()) {
            dial(at, dial);
        }
        if (dial.connection == null || !dial.connection.sendWhenOpen(to, message)) {
            unsent.increment();
        }
    }

    private @Nullable MemberConnection connectionAt(InetSocketAddress at) {
        Dial dial = dials.get(at);
        if (dial != null && dial.connection != null && dial.connection.open()) {
            return dial.connection;
        }
        for (MemberConnection connection : sending.values()) {
            if (connection.peer().reachedAt().equals(at)) {
                return connection;
            }
        }
        return null;
    }

    private void dial(InetSocketAddress at, Dial dial) {
        MemberConnection connection = new MemberConnection(this, credentials != null, at);
        dial.began(connection);
        introducing.add(connection);
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(FIRST, new FirstBytes(connection));
                        if (credentials != null) {
                            channel.pipeline()
                                    .addLast(
                                            TLS,
                                            tls(credentials.clientEngine(List.of(ControlCodec.APPLICATION_PROTOCOL))));
                        }
                        channel.pipeline().addLast(connection);
                    }
                })
                .connect(at);
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                connection.unreachable(done.cause());
            }
        });
    }

    private SslHandler tls(javax.net.ssl.SSLEngine engine) {
        SslHandler handler = new SslHandler(engine, handshakes);
        // The whole way to open is bounded by the sweep.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** A newcomer, from anywhere. */
    void accepted(Channel channel) {
        MemberConnection connection = new MemberConnection(this, credentials != null, null);
        introducing.add(connection);
        channel.pipeline().addLast(FIRST, new FirstBytes(connection)).addLast(connection);
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
            Receiver to = receiver;
            for (List<MemberConnection> connections : List.copyOf(open.values())) {
                for (MemberConnection connection : List.copyOf(connections)) {
                    sweep(connection, connections.size() > 1, to, now);
                }
            }
            for (Iterator<Map.Entry<InetSocketAddress, Dial>> it =
                            dials.entrySet().iterator();
                    it.hasNext(); ) {
                Map.Entry<InetSocketAddress, Dial> entry = it.next();
                if (entry.getValue().forgotten(now)) {
                    it.remove();
                    reached.remove(entry.getKey());
                }
            }
            refusals.tell();
        } catch (RuntimeException e) {
            LOG.warn("looking after the cluster's connections failed once: {}", e.toString());
        }
    }

    private void sweep(MemberConnection connection, boolean doubled, @Nullable Receiver to, long now) {
        if (connection.overdue(now)) {
            connection.abort();
        } else if (connection.partialNanos() != 0 && now - connection.partialNanos() > FRAME_NANOS) {
            connection.late("a frame that did not end");
        } else if (doubled
                && connection.dialled()
                && now - connection.openedNanos() > DOUBLE_NANOS
                && self.id().compareTo(connection.peer().id()) > 0) {
            // Both connected at one time: the connection of the lower id stays.
            connection.closeOrderly();
        } else if (now - connection.readNanos() > IDLE_NANOS && (to == null || !to.isMember(connection.peer()))) {
            connection.closeOrderly();
        }
    }

    /** Of open connections with those who are not in the view, the one that was silent longest goes. */
    private void evictStranger() {
        Receiver to = receiver;
        MemberConnection longest = null;
        int strangers = 0;
        for (List<MemberConnection> connections : open.values()) {
            for (MemberConnection connection : connections) {
                if (to == null || !to.isMember(connection.peer())) {
                    strangers++;
                    if (longest == null || connection.readNanos() - longest.readNanos() < 0) {
                        longest = connection;
                    }
                }
            }
        }
        if (strangers >= MAX_STRANGERS && longest != null) {
            longest.closeOrderly();
        }
    }

    private List<MemberConnection> everyConnection() {
        List<MemberConnection> all = new ArrayList<>(introducing);
        open.values().forEach(all::addAll);
        return all;
    }

    private Channel bind() throws MembershipException {
        InetAddress at = spec.bindAddress();
        // A range above an ephemeral port makes no sense: the system found a free one or there is none.
        int last = spec.bindPort() == 0 ? 0 : Math.min(MAX_PORT, spec.bindPort() + spec.portRange());
        Throwable failure = null;
        for (int port = spec.bindPort(); port <= last; port++) {
            ChannelFuture bound = new ServerBootstrap()
                    .group(loop, loop)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accepted(channel);
                        }
                    })
                    .bind(at, port)
                    .awaitUninterruptibly();
            if (bound.isSuccess()) {
                if (port != spec.bindPort() && spec.bindPort() != 0) {
                    LOG.info("cluster port {} is taken; using {}", spec.bindPort(), port);
                }
                return bound.channel();
            }
            failure = bound.cause();
        }
        if (!assignable(at)) {
            throw new MembershipException(
                    Reason.ADDRESS_REFUSED,
                    "bind-address " + at.getHostAddress()
                            + " is not an address of this machine: set bind-address to one that is",
                    failure);
        }
        String ports = last == spec.bindPort() ? "port " + last : "ports " + spec.bindPort() + " to " + last;
        throw new MembershipException(
                Reason.PORT_TAKEN,
                "cluster " + ports + " on " + at.getHostAddress()
                        + " cannot be bound: free it or set port to another one",
                failure);
    }

    private static boolean assignable(InetAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Credentials required(@Nullable Credentials credentials) {
        if (credentials == null) {
            throw new IllegalStateException("a cluster without a secret");
        }
        return credentials;
    }
}
