package io.scrimplb.proxy;

import io.scrimplb.proxy.listener.Admission;
import io.scrimplb.proxy.listener.Listeners;
import io.scrimplb.proxy.listener.TlsHandlers;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.telemetry.TrafficSource;
import io.scrimplb.proxy.tls.Engine;
import io.scrimplb.proxy.tls.ServerCertificate;
import io.scrimplb.proxy.tls.TlsContexts;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.transport.SocketApi;
import io.scrimplb.proxy.transport.Swept;
import io.scrimplb.proxy.transport.TrustedNetworks;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy: listeners, routes and upstreams as the last spec said. A new spec is compiled beside the old one and takes over in
 * one swap; exchanges and sessions under way keep what they had. Thread-safe; {@link #apply} calls are serialised.
 */
public final class ProxyServer implements AutoCloseable {
    /** How often a drain looks whether everything has ended. */
    private static final long DRAIN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** How long connections may take to notice that the proxy closes. */
    private static final long ABORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoops loops;
    private final Admission admission = new Admission();
    private final ProxyContext context;
    private final Listeners listeners;
    private final TlsContexts tls;
    private final Map<String, ListenerCounters> listenerCounters = new ConcurrentHashMap<>();
    private final AtomicReference<Snapshot> current;
    private volatile CompiledSpec compiled;
    private volatile Map<String, InetSocketAddress> boundAddresses = Map.of();
    private volatile long swaps;
    private boolean closed;

    private ProxyServer(ProxyOptions options) {
        loops = EventLoops.start(kinds(options.transport()), options.eventLoops());
        tls = new TlsContexts(engines(options.tlsEngine()), TlsHandlers.PROTOCOLS);
        compiled = CompiledSpec.empty(options.eventLoops(), tls);
        current = new AtomicReference<>(compiled.snapshot(Map.of(), TrustedNetworks.NONE));
        context = new ProxyContext(current::get, options.accessLog(), options.eventLoops());
        listeners = new Listeners(loops, context, admission);
        loops.loops()
                .get(0)
                .executor()
                .scheduleAtFixedRate(
                        this::rotateTicketKeys,
                        TlsContexts.rotationMillis(),
                        TlsContexts.rotationMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Nobody asked for epoll when it is only the best guess, so its absence needs no word. */
    private static List<SocketApi> kinds(ProxyOptions.Transport transport) {
        return switch (transport) {
            case AUTO ->
                SocketApi.EPOLL.missing() == null ? List.of(SocketApi.EPOLL, SocketApi.NIO) : List.of(SocketApi.NIO);
            case EPOLL -> List.of(SocketApi.EPOLL, SocketApi.NIO);
            case IO_URING -> List.of(SocketApi.IO_URING, SocketApi.EPOLL, SocketApi.NIO);
            case NIO -> List.of(SocketApi.NIO);
        };
    }

    /** Nobody asked for OpenSSL where it was never built for, so its absence needs no word. */
    private static List<Engine> engines(ProxyOptions.TlsEngine wanted) {
        return switch (wanted) {
            case AUTO -> Engine.isBuiltForHere() ? List.of(Engine.OPENSSL, Engine.JDK) : List.of(Engine.JDK);
            case OPENSSL -> List.of(Engine.OPENSSL, Engine.JDK);
            case JDK -> List.of(Engine.JDK);
        };
    }

    /** Not on the loop that keeps the time: an apply may hold the lock for as long as sockets take to bind. */
    private void rotateTicketKeys() {
        Thread rotation = new Thread(
                () -> {
                    synchronized (this) {
                        if (!closed) {
                            tls.rotateTicketKeys(compiled.tls());
                        }
                    }
                },
                "scrimp-ticket-keys");
        rotation.setDaemon(true);
        rotation.start();
    }

    /** Starts the event loops of a proxy that has nothing to do yet. */
    public static ProxyServer create(ProxyOptions options) {
        return new ProxyServer(options);
    }

    /**
     * Makes a spec the one in force. Blocks while sockets are bound.
     *
     * @return what was left out of it, and listeners that could not be opened; the rest is in force
     */
    public synchronized List<SpecProblem> apply(ProxySpec wanted) {
        if (closed || context.draining()) {
            throw new IllegalStateException("the proxy stops or has stopped");
        }
        CompiledSpec next = compiled.next(wanted);
        List<SpecProblem> problems = new ArrayList<>(next.problems());
        TrustedNetworks trusted = trusted(wanted, problems);

        // A listener whose address or kind changes is another listener, with a handle of its own. Where both can be
        // open at once, the old one serves until the new one stands, and stays when that fails.
        Map<ListenerHandle, ListenerSpec> handles = new HashMap<>();
        Map<ListenerSpec, ListenerHandle> opening = new LinkedHashMap<>();
        Set<String> staying = new HashSet<>();
        for (ListenerSpec listener : next.listeners()) {
            ListenerHandle handle = listeners.handle(listener.name());
            ListenerSpec open = listeners.spec(listener.name());
            if (handle != null && open != null) {
                if (sameSocket(listener, open)) {
                    handles.put(handle, listener);
                    staying.add(listener.name());
                    continue;
                }
                if (listener.address().getPort() != open.address().getPort()) {
                    handles.put(handle, asOpened(listener, open));
                    staying.add(listener.name());
                }
            }
            ListenerHandle fresh = newHandle(listener.name());
            handles.put(fresh, listener);
            opening.put(listener, fresh);
        }

        List<ServerCertificate> vanished = compiled.tls().vanished(next.tls());
        current.set(next.snapshot(handles, trusted));
        compiled = next;
        next.retireVanished();
        TlsContexts.retire(vanished, loops);
        swaps++;

        for (String name : listeners.names()) {
            if (!staying.contains(name)) {
                listeners.close(name);
            }
        }
        opening.forEach((listener, handle) -> {
            SpecProblem problem = listeners.open(listener, handle);
            if (problem != null) {
                problems.add(problem);
            }
        });
        listenerCounters.keySet().retainAll(listeners.names());
        boundAddresses = listeners.addresses();
        return List.copyOf(problems);
    }

    /** The networks that can be read; one that cannot is a problem, and trusts nobody. */
    private static TrustedNetworks trusted(ProxySpec spec, List<SpecProblem> problems) {
        List<String> good = new ArrayList<>();
        for (String network : spec.trustedProxies()) {
            try {
                TrustedNetworks.parse(List.of(network));
                good.add(network);
            } catch (IllegalArgumentException e) {
                problems.add(new SpecProblem("trusted-proxies", String.valueOf(e.getMessage()), false));
            }
        }
        return TrustedNetworks.parse(good);
    }

    /** What the new spec says for the old socket, while that is of the same kind; else what the old one said. */
    private static ListenerSpec asOpened(ListenerSpec wanted, ListenerSpec open) {
        return wanted.getClass() == open.getClass() ? wanted : open;
    }

    private ListenerHandle newHandle(String name) {
        return new ListenerHandle(
                name,
                listenerCounters.computeIfAbsent(
                        name, n -> new ListenerCounters(n, loops.loops().size())));
    }

    private static boolean sameSocket(ListenerSpec wanted, ListenerSpec open) {
        return open.getClass() == wanted.getClass() && open.address().equals(wanted.address());
    }

    /** Counters, for whoever shows them. */
    public TrafficSource traffic() {
        return new Traffic();
    }

    /** Name and actual address of every open listener. */
    public Map<String, InetSocketAddress> boundListeners() {
        return boundAddresses;
    }

    /** Requests and sessions in flight. */
    public int activeExchanges() {
        return context.active();
    }

    /** Revision of the spec in force. */
    public long revision() {
        return context.snapshot().revision();
    }

    /**
     * Stops accepting, and lets what is in flight end. Kept connections are closed after their present exchange.
     *
     * @return whether everything ended within the limit; what did not is ended by {@link #close()}
     */
    public boolean drain(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        context.drain();
        synchronized (this) {
            if (closed) {
                return true;
            }
            listeners.closeAll();
            boundAddresses = Map.of();
        }
        return awaitIdle(deadline);
    }

    private boolean awaitIdle(long deadlineNanos) {
        while (context.active() > 0 || admission.open() > 0) {
            if (System.nanoTime() - deadlineNanos >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(DRAIN_POLL_NANOS);
        }
        return true;
    }

    /** Ends everything at once. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            context.drain();
            listeners.closeAll();
            boundAddresses = Map.of();
        }
        // Through the handlers, which release what they hold; the loops alone would just drop the channels.
        for (Loop loop : loops.loops()) {
            loop.executor().execute(() -> loop.forEachSwept(Swept::abort));
        }
        awaitIdle(System.nanoTime() + ABORT_NANOS);
        loops.close();
        compiled.tls().release();
    }

    private final class Traffic implements TrafficSource {
        @Override
        public Collection<RequestCounters> requests() {
            return compiled.requestCounters();
        }

        @Override
        public Collection<EndpointCounters> endpoints() {
            return compiled.endpointCounters();
        }

        @Override
        public Collection<ApplicationCounters> applications() {
            List<ApplicationCounters> all = new ArrayList<>(compiled.applicationCounters());
            all.add(context.unattributed());
            return List.copyOf(all);
        }

        @Override
        public Collection<ListenerCounters> listeners() {
            return List.copyOf(listenerCounters.values());
        }

        @Override
        public int routes() {
            return context.snapshot().routeCount();
        }

        @Override
        public long swaps() {
            return swaps;
        }
    }
}
