package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.routing.Snapshot;
import org.jspecify.annotations.Nullable;

/** When an exchange last moved, and whether it stands still for longer than it may. Used again for the next. */
final class Progress {
    private long lastNanos;
    private long pendingMark;

    void begin(long nowNanos) {
        lastNanos = nowNanos;
        pendingMark = 0;
    }

    /** Something went on, either way. */
    void made(long nowNanos) {
        lastNanos = nowNanos;
    }

    /**
     * Looks which deadline has passed. Only while there is a connection to an endpoint: connecting has a deadline of its own.
     *
     * @return how to end the exchange; null when it may go on
     */
    @Nullable
    LocalReply overdue(
            long nowNanos,
            Snapshot.Deadlines deadlines,
            ClientStream client,
            OriginStream origin,
            OutgoingRequest request,
            Stage stage) {
        long mark = client.pendingMark();
        if (mark != pendingMark) {
            pendingMark = mark;
            lastNanos = nowNanos;
        }
        long still = nowNanos - lastNanos;
        if (stage == Stage.RESPONSE) {
            if (!client.isWritable() && still > deadlines.clientIdle()) {
                return LocalReply.CLIENT_TIMEOUT;
            }
            return still > deadlines.tunnelIdle() ? LocalReply.UPSTREAM_TIMEOUT : null;
        }
        if (request.done()) {
            // What was read from the client may still wait for a slow endpoint.
            boolean late = nowNanos - Math.max(request.endNanos(), lastNanos) > deadlines.firstByte();
            return late ? LocalReply.UPSTREAM_TIMEOUT : null;
        }
        if (stage == Stage.AWAITING_CONTINUE || !origin.isWritable()) {
            // The endpoint does not take the body, or has not asked for it as the client expects.
            return still > deadlines.firstByte() ? LocalReply.UPSTREAM_TIMEOUT : null;
        }
        return still > deadlines.clientIdle() ? LocalReply.CLIENT_TIMEOUT : null;
    }

    /** How far an exchange has come. */
    enum Stage {
        /** The request is on its way. */
        REQUEST,
        /** So it is, but the client holds its body back until the endpoint asks for it. */
        AWAITING_CONTINUE,
        /** The head of the final response is on its way to the client. */
        RESPONSE
    }
}
