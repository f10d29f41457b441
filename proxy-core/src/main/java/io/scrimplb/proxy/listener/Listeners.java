package io.scrimplb.proxy.listener;

import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.ProxyContext;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.tls.TlsLoop;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.ListeningSockets;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.transport.Swept;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bound sockets of a proxy. Used by its control side, one call at a time. */
public final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private record Bound(ListenerSpec spec, ListenerHandle handle, ListeningSockets sockets) {}

    private final EventLoops loops;
    private final ProxyContext context;
    private final List<HttpLoop> httpLoops;
    private final List<TlsLoop> tlsLoops;
    private final Admission admission;
    private final Map<String, Bound> bound = new HashMap<>();

    public Listeners(EventLoops loops, ProxyContext context, Admission admission) {
        this.loops = loops;
        this.context = context;
        this.admission = admission;
        List<HttpLoop> perLoop = new ArrayList<>();
        for (Loop loop : loops.loops()) {
            perLoop.add(loop.executor()
                    .submit(() -> HttpLoop.make(loops, loop, context))
                    .syncUninterruptibly()
                    .getNow());
        }
        this.httpLoops = List.copyOf(perLoop);
        this.tlsLoops = loops.loops().stream().map(TlsLoop::new).toList();
    }

    private HttpLoop http(Loop loop) {
        return httpLoops.get(loop.index());
    }

    /**
     * Binds; a listener that cannot be bound is a problem, not an exception. One that was bound under the same name is
     * closed once the new one stands.
     */
    public @Nullable SpecProblem open(ListenerSpec spec, ListenerHandle handle) {
        boolean http = spec instanceof HttpListenerSpec;
        ListeningSockets sockets;
        try {
            sockets = ListeningSockets.bind(
                    loops,
                    spec.address(),
                    loop -> new ConnectionInitializer(
                            loops,
                            loop,
                            context,
                            http(loop).h1(),
                            http(loop).h2(),
                            admission,
                            handle,
                            http,
                            tlsLoops.get(loop.index())));
        } catch (IOException e) {
            return new SpecProblem("listener " + spec.name(), reason(spec.address(), e), true);
        }
        Bound before = bound.put(spec.name(), new Bound(spec, handle, sockets));
        if (before != null) {
            retire(before);
        }
        log.info("listening on {} for {}", text(sockets.address()), kind(spec));
        return null;
    }

    private static String kind(ListenerSpec spec) {
        if (spec instanceof HttpListenerSpec http) {
            return http.tls() ? "https" : http.redirectPort().isPresent() ? "http, sent on to https" : "http";
        }
        return "tcp";
    }

    /** Stops accepting and lets the listener's connections end after what they have in flight. */
    public void close(String name) {
        Bound gone = bound.remove(name);
        if (gone != null) {
            retire(gone);
        }
    }

    private void retire(Bound gone) {
        gone.handle.retire();
        gone.sockets.close();
        drainConnections();
        log.info("no longer listening on {}", text(gone.sockets.address()));
    }

    /** Stops accepting everywhere. */
    public void closeAll() {
        for (String name : List.copyOf(bound.keySet())) {
            close(name);
        }
        drainConnections();
    }

    /** Asks every connection that has nothing in flight, and whose listener is gone, to close. */
    private void drainConnections() {
        for (Loop loop : loops.loops()) {
            loop.executor().execute(() -> loop.forEachSwept(Swept::drain));
        }
    }

    /** The spec of a listener that is open. */
    public @Nullable ListenerSpec spec(String name) {
        Bound open = bound.get(name);
        return open == null ? null : open.spec;
    }

    public @Nullable ListenerHandle handle(String name) {
        Bound open = bound.get(name);
        return open == null ? null : open.handle;
    }

    public List<String> names() {
        return List.copyOf(bound.keySet());
    }

    /** Where each listener is bound. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new HashMap<>();
        bound.forEach((name, open) -> addresses.put(name, open.sockets.address()));
        return Map.copyOf(addresses);
    }

    private static String reason(InetSocketAddress address, IOException cause) {
        String where = text(address);
        String said = String.valueOf(cause.getMessage());
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied")) {
            return "port " + where + " may not be bound: run as root, or allow it with"
                    + " 'setcap cap_net_bind_service=+ep' on java or 'sysctl net.ipv4.ip_unprivileged_port_start=0'";
        }
        if (cause instanceof BindException || lower.contains("in use")) {
            return "port " + where + " is taken by another program: stop that one or choose another port";
        }
        return "port " + where + " cannot be bound: " + said;
    }

    private static String text(InetSocketAddress address) {
        InetAddress inet = address.getAddress();
        String host = inet == null ? address.getHostString() : inet.isAnyLocalAddress() ? "*" : inet.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
