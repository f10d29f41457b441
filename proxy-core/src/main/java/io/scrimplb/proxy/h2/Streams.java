package io.scrimplb.proxy.h2;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The streams of one connection: which have something for their other sides, and which wait to write. */
final class Streams<S extends H2Stream> {
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final List<S> touched = new ArrayList<>();
    private boolean anyBlocked;

    Streams(Http2Connection connection) {
        this.connection = connection;
        this.key = connection.newKey();
    }

    /** Keeps what stands for a stream. */
    void put(Http2Stream stream, S standing) {
        stream.setProperty(key, standing);
    }

    /** What stands for a stream; null when nothing does. */
    @Nullable
    S of(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    /** What stands for the stream of an id; null when nothing does. */
    @Nullable
    S of(int streamId) {
        return of(connection.stream(streamId));
    }

    /** Something of a stream was handed on in this turn. */
    void touch(S stream) {
        touched.add(stream);
    }

    /** What was handed on in this turn leaves. */
    void flushOthers() {
        // By index: what one of them is sent may make another stream go on.
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).flushOther();
        }
        touched.clear();
    }

    /** A stream waits until it may write again. */
    void blocked() {
        anyBlocked = true;
    }

    /** The connection has put out what it could: those go on that waited for that. */
    void resume() {
        if (anyBlocked) {
            anyBlocked = false;
            each(H2Stream::resume);
        }
    }

    /** Bytes of a stream's data were put out. */
    void written(int streamId, int bytes) {
        S stream = of(streamId);
        if (stream != null) {
            stream.written(bytes);
        }
    }

    /** Calls {@code action} with every stream that is open, whatever opens or closes meanwhile. */
    void each(Consumer<? super S> action) {
        try {
            connection.forEachActiveStream(active -> {
                S stream = of(active);
                if (stream != null) {
                    action.accept(stream);
                }
                return true;
            });
        } catch (Http2Exception e) {
            // Only what is called would throw it, and does not.
            throw new IllegalStateException(e);
        }
    }
}
