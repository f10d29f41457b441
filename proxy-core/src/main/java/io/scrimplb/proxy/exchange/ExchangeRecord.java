package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.telemetry.AccessRecord;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.tls.TlsSession;
import io.scrimplb.proxy.transport.TrustedNetworks;
import io.scrimplb.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps the times and sizes of one exchange and accounts for it once, when it ends. Used again for the next. */
public final class ExchangeRecord {
    private final ExchangeLoop exchanges;
    private @Nullable ClientStream client;
    private @Nullable AccessNote note;
    private @Nullable RequestCounters counters;
    private @Nullable Upstream upstream;
    private @Nullable InetSocketAddress backend;
    private long startNanos;
    private long connectStartNanos;
    private long connectNanos;
    private long firstByteNanos;
    private long bytesInBefore;
    private long bytesOutBefore;
    private int status;
    private boolean open;

    ExchangeRecord(ExchangeLoop exchanges) {
        this.exchanges = exchanges;
    }

    void begin(ClientStream from, RequestHead head, RequestFacts facts, long start, TrustedNetworks trusted) {
        client = from;
        counters = null;
        upstream = null;
        backend = null;
        startNanos = start;
        connectNanos = -1;
        firstByteNanos = -1;
        bytesInBefore = from.bytesInBeforeHead();
        bytesOutBefore = from.bytesOut();
        status = 0;
        open = true;
        note = exchanges.context().accessLog().enabled()
                ? AccessNote.of(head, facts, from.peer().inet(), trusted)
                : null;
        exchanges.context().begun(exchanges.loop().index());
    }

    void counters(RequestCounters of, @Nullable Upstream routed) {
        counters = of;
        upstream = routed;
    }

    void connecting(InetSocketAddress to) {
        backend = to;
        connectNanos = -1;
        connectStartNanos = exchanges.loop().now();
    }

    void connected() {
        connectNanos = exchanges.loop().now() - connectStartNanos;
    }

    /** A connection was there already. */
    void reused(InetSocketAddress by) {
        backend = by;
        connectNanos = 0;
    }

    /** The head of the final response, the endpoint's or our own. */
    void responded(int withStatus) {
        status = withStatus;
        firstByteNanos = exchanges.loop().now() - startNanos;
    }

    /** Accounts; a second call does nothing. */
    void end(@Nullable ErrorCause cause, int retries) {
        ClientStream of = client;
        if (!open || of == null) {
            return;
        }
        open = false;
        int loop = exchanges.loop().index();
        long total = exchanges.loop().now() - startNanos;
        RequestCounters requests = counters;
        if (requests != null) {
            requests.finished(loop, status, total);
        }
        if (cause != null) {
            Upstream to = upstream;
            ApplicationCounters errors = to == null ? exchanges.context().unattributed() : to.counters();
            errors.error(loop, cause);
        }
        AccessNote noted = note;
        if (noted != null) {
            write(of, noted, cause, total, retries);
        }
        exchanges.context().ended(loop);
        client = null;
        note = null;
        upstream = null;
        counters = null;
    }

    /** Accounts for a request that was refused before an exchange could begin. */
    public static void refused(
            ExchangeLoop exchanges,
            ClientStream of,
            String protocol,
            LocalReply reply,
            String requestId,
            long startNanos,
            int bytesOut) {
        int loop = exchanges.loop().index();
        long total = exchanges.loop().now() - startNanos;
        exchanges.context().unattributed().error(loop, reply.cause());
        RouteTable table = exchanges.context().snapshot().routes(of.listener());
        if (table != null) {
            table.unrouted().finished(loop, reply.status(), total);
        }
        if (exchanges.context().accessLog().enabled()) {
            exchanges
                    .context()
                    .accessLog()
                    .write(new AccessRecord(
                            System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(total),
                            null,
                            of.listener().name(),
                            null,
                            null,
                            null,
                            protocol,
                            reply.status(),
                            of.bytesIn() - of.bytesInBeforeHead(),
                            bytesOut,
                            of.peer().inet(),
                            null,
                            -1,
                            -1,
                            total,
                            0,
                            reply.cause(),
                            requestId,
                            null,
                            version(of)));
        }
    }

    private void write(ClientStream of, AccessNote noted, @Nullable ErrorCause cause, long total, int retries) {
        Upstream to = upstream;
        ListenerHandle listener = of.listener();
        exchanges
                .context()
                .accessLog()
                .write(new AccessRecord(
                        noted.startMillis(),
                        to == null ? null : to.name(),
                        listener.name(),
                        noted.host(),
                        noted.method(),
                        noted.path(),
                        noted.protocol(),
                        status,
                        of.bytesIn() - bytesInBefore,
                        of.bytesOut() - bytesOutBefore,
                        noted.client(),
                        backend,
                        connectNanos,
                        firstByteNanos,
                        total,
                        retries,
                        cause,
                        noted.requestId(),
                        noted.userAgent(),
                        version(of)));
    }

    private static @Nullable String version(ClientStream of) {
        TlsSession tls = of.peer().tls();
        return tls == null ? null : tls.version();
    }
}
