package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.transport.Swept;

/** Sends once a turn of the loop what the streams of a connection have put, and lets those go on that waited for that. */
final class FlushTurn implements H2Loop.Flushed {
    private final H2Loop h2;
    private final Swept connection;
    private final Codec codec;
    private final Streams<?> streams;
    private boolean dirty;

    FlushTurn(H2Loop h2, Swept connection, Codec codec, Streams<?> streams) {
        this.h2 = h2;
        this.connection = connection;
        this.codec = codec;
        this.streams = streams;
    }

    /** There is something to send before the turn ends. */
    void dirty() {
        if (!dirty) {
            dirty = true;
            h2.dirty(this);
        }
    }

    @Override
    public void flushTurn() {
        dirty = false;
        if (codec.closed()) {
            return;
        }
        codec.push();
        codec.output().flush();
        if (!codec.closed()) {
            streams.resume();
        }
    }

    @Override
    public void abort() {
        connection.abort();
    }
}
