package io.scrimplb.proxy.h2;

import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * The window of one stream from an endpoint: small, and wider with what the client takes, so that one which takes nothing holds
 * little. What all streams of a loop were given beyond the small one is bounded by the memory that may wait there. Not
 * thread-safe.
 */
final class WideningWindow {
    /** What an endpoint may send of a response before its client takes any of it: a frame of the usual size. */
    static final int INITIAL_BYTES = 16 * 1024;

    /** What it may send ahead of a client that keeps up: 40 Mbit/s at 50 ms between here and the endpoint. */
    static final int MAX_BYTES = 256 * 1024;

    private final StreamConnection connection;
    private final Http2Stream stream;
    private int givenBytes;
    private boolean closed;

    WideningWindow(StreamConnection connection, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** The client has taken bytes and takes more: the window grows by as many, so doubles with each that is taken whole. */
    void taken(int bytes) {
        int wanted = Math.min(bytes, MAX_BYTES - INITIAL_BYTES - givenBytes);
        Codec codec = connection.codec();
        if (closed || wanted <= 0 || codec.closed()) {
            return;
        }
        int given = connection.h2().give(wanted);
        givenBytes += given;
        if (given > 0) {
            try {
                codec.receiving().incrementWindowSize(stream, given);
            } catch (Http2Exception e) {
                codec.failed(e);
            }
        }
    }

    /** The stream is closed: others may have what it was given. */
    void close() {
        closed = true;
        connection.h2().takeBack(givenBytes);
        givenBytes = 0;
    }
}
