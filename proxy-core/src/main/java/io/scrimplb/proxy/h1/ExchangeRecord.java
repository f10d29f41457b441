package io.scrimplb.proxy.h1;

import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.telemetry.AccessRecord;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.transport.TrustedNetworks;
import io.scrimplb.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps the times and sizes of one exchange and accounts for it once, when it ends. Used again for the next. */
final class ExchangeRecord {
    private final H1Loop h1;
    private @Nullable ClientConnection client;
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

    ExchangeRecord(H1Loop h1) {
        this.h1 = h1;
    }

    void begin(ClientConnection from, RequestHead head, RequestFacts facts, long start, TrustedNetworks trusted) {
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
        note = h1.context.accessLog().enabled()
                ? AccessNote.of(head, facts, from.peer().inet(), trusted)
                : null;
        h1.context.begun(h1.loop.index());
    }

    void counters(RequestCounters of, @Nullable Upstream routed) {
        counters = of;
        upstream = routed;
    }

    void connecting(InetSocketAddress to) {
        backend = to;
        connectNanos = -1;
        connectStartNanos = h1.loop.now();
    }

    void connected() {
        connectNanos = h1.loop.now() - connectStartNanos;
    }

    void connected(InetSocketAddress to, long nanos) {
        backend = to;
        connectNanos = nanos;
    }

    /** The head of the final response, the endpoint's or our own. */
    void responded(int withStatus) {
        status = withStatus;
        firstByteNanos = h1.loop.now() - startNanos;
    }

    /** Accounts; a second call does nothing. */
    void end(@Nullable ErrorCause cause, int retries) {
        ClientConnection of = client;
        if (!open || of == null) {
            return;
        }
        open = false;
        int loop = h1.loop.index();
        long total = h1.loop.now() - startNanos;
        RequestCounters requests = counters;
        if (requests != null) {
            requests.finished(loop, status, total);
        }
        if (cause != null) {
            Upstream to = upstream;
            ApplicationCounters errors = to == null ? h1.context.unattributed() : to.counters();
            errors.error(loop, cause);
        }
        AccessNote noted = note;
        if (noted != null) {
            write(of, noted, cause, total, retries);
        }
        h1.context.ended(loop);
        client = null;
        note = null;
        upstream = null;
        counters = null;
    }

    /** Accounts for a request that was refused before an exchange could begin. */
    static void refused(
            H1Loop h1, ClientConnection of, LocalReply reply, String requestId, long startNanos, int bytesOut) {
        int loop = h1.loop.index();
        long total = h1.loop.now() - startNanos;
        h1.context.unattributed().error(loop, reply.cause());
        RouteTable table = h1.context.snapshot().routes(of.listener());
        if (table != null) {
            table.unrouted().finished(loop, reply.status(), total);
        }
        if (h1.context.accessLog().enabled()) {
            h1.context
                    .accessLog()
                    .write(new AccessRecord(
                            System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(total),
                            null,
                            of.listener().name(),
                            null,
                            null,
                            null,
                            "HTTP/1.1",
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
                            null));
        }
    }

    private void write(ClientConnection of, AccessNote noted, @Nullable ErrorCause cause, long total, int retries) {
        Upstream to = upstream;
        ListenerHandle listener = of.listener();
        h1.context
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
                        noted.userAgent()));
    }
}
