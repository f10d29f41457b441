package io.scrimplb.proxy.h2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;

/**
 * Ends a connection without losing a request (RFC 9113, 6.8): first the client is told to open no more streams, those on their
 * way to us excepted; once it has heard of that, which stream was the last. Only on the connection's event loop.
 */
final class GracefulShutdown {
    /** How long a client may take to hear of it. */
    private static final long HEARING_NANOS = 1_000_000_000L;

    private boolean begun;
    private boolean lastTold;
    private long begunNanos;

    boolean begun() {
        return begun;
    }

    void begin(Codec codec, ChannelHandlerContext ctx, long nowNanos) {
        begun = true;
        begunNanos = nowNanos;
        codec.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
        codec.encoder().writePing(ctx, false, nowNanos, ctx.newPromise());
    }

    /** The client has answered what was sent last, or time has passed. */
    void go(Codec codec, boolean answered, long nowNanos) {
        if (begun && !lastTold && (answered || nowNanos - begunNanos > HEARING_NANOS)) {
            lastTold = true;
            codec.goAway(codec.connection().remote().lastStreamCreated(), Http2Error.NO_ERROR);
        }
    }

    /** Whether nothing is left to be said, so that the connection ends with its last stream. */
    boolean said() {
        return lastTold;
    }
}
