package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.transport.StallWatch;
import org.jspecify.annotations.Nullable;

/** How far an exchange has come, and whether it stands still for longer than it may. Used again for the next. */
final class Progress {
    /** Interim responses to one request; more are no service to anybody. */
    private static final int MAX_INTERIMS = 32;

    private final StallWatch watch = new StallWatch();
    private int interims;
    private boolean responseStarted;

    void begin(long nowNanos) {
        watch.restart(nowNanos);
        interims = 0;
        responseStarted = false;
    }

    /** Something went on, either way. */
    void made(long nowNanos) {
        watch.restart(nowNanos);
    }

    /**
     * An interim response came.
     *
     * @return false when they are too many
     */
    boolean interim() {
        return ++interims <= MAX_INTERIMS;
    }

    /** Whether an interim response came. */
    boolean hasInterims() {
        return interims > 0;
    }

    /** The head of the final response is on its way to the client. */
    void startResponse() {
        responseStarted = true;
    }

    boolean responseStarted() {
        return responseStarted;
    }

    /**
     * Looks which deadline has passed. Only while there is a connection to an endpoint: connecting has a deadline of its own.
     *
     * @param expectsContinue whether the client holds its body back until the endpoint asks for it
     * @return how to end the exchange; null when it may go on
     */
    @Nullable
    LocalReply overdue(
            long nowNanos,
            Snapshot.Deadlines deadlines,
            ClientStream client,
            OriginStream origin,
            OutgoingRequest request,
            boolean expectsContinue) {
        long still = watch.still(client.pendingMark(), nowNanos);
        if (responseStarted) {
            if (!client.isWritable() && still > deadlines.clientIdle()) {
                return LocalReply.CLIENT_TIMEOUT;
            }
            return still > deadlines.tunnelIdle() ? LocalReply.UPSTREAM_TIMEOUT : null;
        }
        if (request.done()) {
            // What was read from the client may still wait for a slow endpoint.
            return Math.min(still, nowNanos - request.endNanos()) > deadlines.firstByte()
                    ? LocalReply.UPSTREAM_TIMEOUT
                    : null;
        }
        boolean heldBack = expectsContinue && !hasInterims() && !request.moreSent();
        if (heldBack || !origin.isWritable()) {
            // The endpoint does not take the body, or has not asked for it as the client expects.
            return still > deadlines.firstByte() ? LocalReply.UPSTREAM_TIMEOUT : null;
        }
        return still > deadlines.clientIdle() ? LocalReply.CLIENT_TIMEOUT : null;
    }
}
