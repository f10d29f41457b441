package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.OwnResponse;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.NormalisedPath;
import io.scrimplb.proxy.routing.Route;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import org.jspecify.annotations.Nullable;

/** Finds where a parsed request goes, or what it is answered here. One an event loop; not thread-safe. */
final class RequestRouter {
    private static final byte[] ROOT = {'/'};

    private static final LocalReply HOST_NEEDED =
            LocalReply.badRequest("without a Host header there is no telling where https is");

    private final NormalisedPath path = new NormalisedPath();
    private LocalReply refusal = LocalReply.UNKNOWN_HOST;
    private @Nullable OwnResponse own;

    /**
     * @param table routes of the listener; null when it is gone
     * @param secure whether it came by TLS
     * @param trusted whether the forwarding fields of the request are believed
     * @return null when no application is asked; see {@link #own()} and {@link #refusal()}
     */
    @Nullable
    Route find(
            RequestHead head,
            @Nullable RouteTable table,
            Snapshot snapshot,
            ListenerHandle listener,
            boolean secure,
            boolean trusted) {
        own = null;
        boolean wrongScheme = head.absoluteTarget && !trusted && head.httpsTarget != secure;
        if (wrongScheme || (secure && belongsElsewhere(head, snapshot, listener))) {
            refusal = LocalReply.MISDIRECTED;
            return null;
        }
        own = OwnResponses.challenge(head, snapshot.certificates());
        if (own != null) {
            return null;
        }
        HttpListenerSpec spec = snapshot.http(listener);
        if (!secure
                && spec != null
                && spec.redirectPort().isPresent()
                && !(trusted && OwnResponses.cameByHttps(head))) {
            own = OwnResponses.redirect(head, spec.redirectPort().getAsInt());
            refusal = HOST_NEEDED;
            return null;
        }
        return find(head, table, !snapshot.upstreams().isEmpty());
    }

    /**
     * Whether the host is one whose connections are passed through undecrypted: a client that has one connection for several hosts
     * (RFC 9113, 9.1.1) must make another for that.
     */
    private static boolean belongsElsewhere(RequestHead head, Snapshot snapshot, ListenerHandle listener) {
        return snapshot.passes(listener)
                && snapshot.passthrough(listener, head.text(head.hostStart, head.hostEnd)) != null;
    }

    private @Nullable Route find(RequestHead head, @Nullable RouteTable table, boolean anyApplications) {
        // "*" and a target without a path mean the server as a whole.
        boolean whole = head.pathEnd == head.pathStart || head.bytes[head.pathStart] == '*';
        String fault =
                whole ? path.set(ROOT, 0, 1) : path.set(head.bytes, head.pathStart, head.pathEnd - head.pathStart);
        if (fault != null) {
            refusal = LocalReply.badRequest(fault);
            return null;
        }
        if (table == null || !anyApplications) {
            refusal = table == null ? LocalReply.LISTENER_GONE : LocalReply.NO_APPLICATIONS;
            return null;
        }
        refusal = LocalReply.UNKNOWN_HOST;
        return table.match(
                head.bytes, head.hostStart, head.hostEnd - head.hostStart, path.bytes(), path.offset(), path.length());
    }

    /** What the last request that found no route is answered; null when it is refused. */
    @Nullable
    OwnResponse own() {
        return own;
    }

    /** Why it is refused. */
    LocalReply refusal() {
        return refusal;
    }
}
