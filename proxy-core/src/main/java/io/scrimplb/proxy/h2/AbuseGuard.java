package io.scrimplb.proxy.h2;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * What a peer may do that costs this side and brings nothing about: two accounts that time and useful work fill up. A peer that
 * overdraws one is told to calm down and loses its connection. Decides by the clock it is given; not thread-safe.
 */
final class AbuseGuard {
    /**
     * Streams that may end by a reset in one go, whoever sends it: the peer (rapid reset, CVE-2023-44487) or this side, provoked
     * by the peer (MadeYouReset, CVE-2025-8671). A page that is left cancels its some dozen requests; a stream that ends well
     * pays for another reset, so a client that cancels every other request is none the worse for it.
     */
    static final int RESETS = 200;

    /** Resets a second beyond that. An attack sends thousands. */
    static final int RESETS_PER_SECOND = 10;

    /** Frames in one go that carry nothing: the floods of CVE-2019-9511 to 9518 and those like them. */
    static final int IDLE_FRAMES = 1000;

    /** Such frames a second beyond that. */
    static final int IDLE_FRAMES_PER_SECOND = 100;

    /** A SETTINGS frame is answered, and may change the window of every stream. */
    static final int SETTINGS_COST = 10;

    /**
     * Bytes sent that pay for one idle frame: a peer that gives back windows byte by byte does not earn what its frames cost,
     * one that does so every 256 bytes, in frames for the stream and the connection, does.
     */
    static final int BYTES_A_FRAME = 128;

    /**
     * Idle frames that a response of an endpoint pays for: HAProxy answers each request with data, however little, by a
     * WINDOW_UPDATE of the connection, others by one of the stream too.
     */
    static final int FRAMES_A_RESPONSE = 2;

    private static final long SECOND_NANOS = 1_000_000_000L;

    private boolean sent;
    private double resets = RESETS;
    private double frames = IDLE_FRAMES;
    private long resetsFilledNanos;
    private long framesFilledNanos;

    AbuseGuard(long nowNanos) {
        resetsFilledNanos = nowNanos;
        framesFilledNanos = nowNanos;
    }

    /**
     * A frame came; counts it when it is of a kind that carries nothing.
     *
     * @param size of its payload in bytes
     */
    void frame(int size, byte type, int flags, long nowNanos) throws Http2Exception {
        switch (type) {
            case Http2FrameTypes.DATA -> {
                // Padding alone is as empty as nothing.
                boolean empty = size == 0 || (flags & Http2Flags.PADDED) != 0 && size <= 256;
                if (empty && (flags & Http2Flags.END_STREAM) == 0) {
                    idle(1, nowNanos);
                }
            }
            case Http2FrameTypes.HEADERS, Http2FrameTypes.RST_STREAM -> {
                // A request is no abuse; resets have an account of their own.
            }
            case Http2FrameTypes.SETTINGS -> idle(SETTINGS_COST, nowNanos);
            case Http2FrameTypes.PING -> {
                if (sent) {
                    // Libraries of gRPC measure the way by one for each round of data, however small.
                    sent = false;
                } else {
                    idle(1, nowNanos);
                }
            }
            default -> idle(1, nowNanos);
        }
    }

    /** A stream that had begun ended by a reset, or was refused. */
    void reset(long nowNanos) throws Http2Exception {
        resets = Math.min(RESETS, resets + (nowNanos - resetsFilledNanos) * (double) RESETS_PER_SECOND / SECOND_NANOS);
        resetsFilledNanos = nowNanos;
        resets -= 1;
        if (resets < 0) {
            throw calm("too many streams were reset");
        }
    }

    /** Frames came that carry nothing. */
    void idle(int count, long nowNanos) throws Http2Exception {
        frames = Math.min(
                IDLE_FRAMES, frames + (nowNanos - framesFilledNanos) * (double) IDLE_FRAMES_PER_SECOND / SECOND_NANOS);
        framesFilledNanos = nowNanos;
        frames -= count;
        if (frames < 0) {
            throw calm("too many frames that carry nothing");
        }
    }

    /** A stream ended well. */
    void served() {
        resets = Math.min(RESETS, resets + 1);
    }

    /** An endpoint has answered a request to its end. */
    void answered() {
        served();
        frames = Math.min(IDLE_FRAMES, frames + FRAMES_A_RESPONSE);
    }

    /** Data was sent, for which the peer gives windows back. */
    void sent(int bytes) {
        sent = true;
        frames = Math.min(IDLE_FRAMES, frames + (double) bytes / BYTES_A_FRAME);
    }

    private static Http2Exception calm(String why) {
        return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "%s", why);
    }
}
