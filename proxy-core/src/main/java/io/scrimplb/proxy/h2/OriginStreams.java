package io.scrimplb.proxy.h2;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams of one connection to an endpoint: which have something for their clients, and which wait to write. */
final class OriginStreams {
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final List<H2OriginStream> touched = new ArrayList<>();
    private boolean anyBlocked;

    OriginStreams(Http2Connection connection) {
        this.connection = connection;
        this.key = connection.newKey();
    }

    /** Keeps what stands for a stream. */
    void put(Http2Stream stream, H2OriginStream standing) {
        stream.setProperty(key, standing);
    }

    /** What stands for a stream; null when nothing does. */
    @Nullable
    H2OriginStream of(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    /** What stands for the stream of an id; null when nothing does. */
    @Nullable
    H2OriginStream of(int streamId) {
        return of(connection.stream(streamId));
    }

    /** Something of a stream's response was handed on in this turn. */
    void touch(H2OriginStream stream) {
        touched.add(stream);
    }

    /** What was handed on in this turn leaves. */
    void flushClients() {
        // By index: what one client is sent may make another stream go on.
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).flushClient();
        }
        touched.clear();
    }

    /** A stream waits until it may write again. */
    void blocked() {
        anyBlocked = true;
    }

    /** The connection has put out what it could: those go on that waited for that. */
    void resume() throws Http2Exception {
        if (!anyBlocked) {
            return;
        }
        anyBlocked = false;
        connection.forEachActiveStream(active -> {
            H2OriginStream stream = of(active);
            if (stream != null) {
                stream.resume();
            }
            return true;
        });
    }
}
