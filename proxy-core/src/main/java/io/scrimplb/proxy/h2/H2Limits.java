package io.scrimplb.proxy.h2;

import io.netty.handler.codec.http2.Http2Settings;
import io.scrimplb.proxy.spec.LimitSpec;

/** What a connection may do, and what a client's is told of that. See {@link AbuseGuard} for what it may do in vain. */
final class H2Limits {
    /** Streams open at the same time; RFC 9113, 6.5.2 recommends not fewer than 100. */
    static final int MAX_STREAMS = 128;

    /** What a stream may send before its endpoint takes any of it: 40 Mbit/s at 50 ms. */
    static final int STREAM_WINDOW_BYTES = 256 * 1024;

    /** What all streams of a connection may: one that stands still leaves as much to the others. See {@link H2Loop#easy}. */
    static final int CONNECTION_WINDOW_BYTES = 2 * STREAM_WINDOW_BYTES;

    /**
     * What a client's connection, or the response on one stream of an endpoint's, may hold however little memory is left: as much as
     * one of HTTP/1.1.
     */
    static final int FAIR_BYTES = 64 * 1024;

    /**
     * Bytes over the low water mark that may wait for the socket before nothing more is read. Data stops at the high water mark;
     * beyond it are only heads of responses and the answers to control frames, which a client that reads takes.
     */
    static final int MAX_UNSENT_BYTES = 256 * 1024;

    private H2Limits() {}

    /** Our SETTINGS: also that a WebSocket may be asked for (RFC 8441, 3). */
    static Http2Settings settings(LimitSpec limits) {
        return new Http2Settings()
                .maxConcurrentStreams(MAX_STREAMS)
                .initialWindowSize(STREAM_WINDOW_BYTES)
                .maxHeaderListSize(limits.headerBytes())
                .connectProtocolEnabled(true);
    }
}
