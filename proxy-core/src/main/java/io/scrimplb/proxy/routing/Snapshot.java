package io.scrimplb.proxy.routing;

import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.tls.CertificateTable;
import io.scrimplb.proxy.transport.TrustedNetworks;
import io.scrimplb.proxy.upstream.Upstream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compiled form of a spec: all that the data side reads, behind one pointer. An exchange reads the pointer once and keeps
 * what it found. Immutable.
 */
public final class Snapshot {
    private static final byte[] NO_HOST = {};
    private static final byte[] ROOT = {'/'};

    private final long revision;
    private final Map<ListenerHandle, RouteTable> routes;
    private final Map<ListenerHandle, HttpListenerSpec> http;
    private final Map<ListenerHandle, Upstream> sessions;
    private final Map<ListenerHandle, RouteTable> passthroughs;
    private final Map<String, Upstream> upstreams;
    private final CertificateTable certificates;
    private final LimitSpec limits;
    private final Deadlines deadlines;
    private final Duration connectTimeout;
    private final TrustedNetworks trusted;

    /** How long each phase may last, in nanoseconds. */
    public record Deadlines(long clientHeader, long clientIdle, long firstByte, long tunnelIdle) {
        static Deadlines of(TimeoutSpec timeouts) {
            return new Deadlines(
                    timeouts.clientHeader().toNanos(),
                    timeouts.clientIdle().toNanos(),
                    timeouts.firstByte().toNanos(),
                    timeouts.tunnelIdle().toNanos());
        }
    }

    /**
     * @param routes the table of each HTTP listener
     * @param http how connections of each HTTP listener are treated
     * @param sessions the upstream of each TCP listener
     * @param passthroughs where the names lead whose TLS is not decrypted, for each listener with TLS; paths mean
     *     nothing
     * @param upstreams all, by name; not copied, and must not change
     */
    public Snapshot(
            long revision,
            Map<ListenerHandle, RouteTable> routes,
            Map<ListenerHandle, HttpListenerSpec> http,
            Map<ListenerHandle, Upstream> sessions,
            Map<ListenerHandle, RouteTable> passthroughs,
            Map<String, Upstream> upstreams,
            CertificateTable certificates,
            LimitSpec limits,
            TimeoutSpec timeouts,
            TrustedNetworks trusted) {
        this.revision = revision;
        this.routes = Map.copyOf(routes);
        this.http = Map.copyOf(http);
        this.sessions = Map.copyOf(sessions);
        this.passthroughs = Map.copyOf(passthroughs);
        this.upstreams = upstreams;
        this.certificates = certificates;
        this.limits = limits;
        this.deadlines = Deadlines.of(timeouts);
        this.connectTimeout = timeouts.connect();
        this.trusted = trusted;
    }

    public long revision() {
        return revision;
    }

    /** The routes of an HTTP listener; null once it is gone. */
    public @Nullable RouteTable routes(ListenerHandle listener) {
        return routes.get(listener);
    }

    /** How connections of an HTTP listener are treated; null once it is gone. */
    public @Nullable HttpListenerSpec http(ListenerHandle listener) {
        return http.get(listener);
    }

    /** What TLS listeners show, and the answers to challenges. */
    public CertificateTable certificates() {
        return certificates;
    }

    /** The upstream of a TCP listener; null once it is gone. */
    public @Nullable Upstream session(ListenerHandle listener) {
        return sessions.get(listener);
    }

    /** Whether an HTTP listener is one with TLS. */
    public boolean tls(ListenerHandle listener) {
        HttpListenerSpec spec = http.get(listener);
        return spec != null && spec.tls();
    }

    /** Whether a listener passes connections of any name through. */
    public boolean passes(ListenerHandle listener) {
        RouteTable table = passthroughs.get(listener);
        return table != null && table.size() > 0;
    }

    /**
     * Where the TLS connections go as they come of clients that name this host; null when they are not passed through. A host of
     * the listener's routes that fits more closely keeps them.
     *
     * @param host as the client names it; null when it names none
     */
    public @Nullable Upstream passthrough(ListenerHandle listener, @Nullable String host) {
        RouteTable table = passthroughs.get(listener);
        if (table == null || table.size() == 0) {
            return null;
        }
        byte[] name = host == null ? NO_HOST : host.getBytes(StandardCharsets.US_ASCII);
        RouteTable routed = routes.get(listener);
        if (routed != null && routed.closeness(name) > table.closeness(name)) {
            return null;
        }
        Route found = table.match(name, 0, name.length, ROOT, 0, ROOT.length);
        return found == null ? null : found.upstream();
    }

    public Map<String, Upstream> upstreams() {
        return upstreams;
    }

    public LimitSpec limits() {
        return limits;
    }

    public Deadlines deadlines() {
        return deadlines;
    }

    public Duration connectTimeout() {
        return connectTimeout;
    }

    public TrustedNetworks trusted() {
        return trusted;
    }

    /** Routes over all listeners. */
    public int routeCount() {
        int count = 0;
        for (RouteTable table : routes.values()) {
            count += table.size();
        }
        return count;
    }
}
