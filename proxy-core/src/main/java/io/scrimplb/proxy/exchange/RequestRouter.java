package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.routing.NormalisedPath;
import io.scrimplb.proxy.routing.Route;
import io.scrimplb.proxy.routing.RouteTable;
import org.jspecify.annotations.Nullable;

/** Finds where a parsed request goes. One an event loop; not thread-safe. */
final class RequestRouter {
    private static final byte[] ROOT = {'/'};

    private final NormalisedPath path = new NormalisedPath();
    private LocalReply refusal = LocalReply.UNKNOWN_HOST;

    /**
     * @param table routes of the listener; null when it is gone
     * @param anyApplications whether any application is known at all
     * @return null when the request is refused; see {@link #refusal()}
     */
    @Nullable
    Route find(RequestHead head, @Nullable RouteTable table, boolean anyApplications) {
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

    /** Why the last request found no route. */
    LocalReply refusal() {
        return refusal;
    }
}
