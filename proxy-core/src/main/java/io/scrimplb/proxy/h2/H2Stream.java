package io.scrimplb.proxy.h2;

/** What a connection, a client's or an endpoint's, tells one of its streams. */
interface H2Stream {
    /** Bytes of its data were put out. */
    void written(int bytes);

    /** The connection has put out what it could: it may go on if it waits for that. */
    void resume();

    /** What was handed on of it in this turn of the loop leaves on the other side of its exchange. */
    void flushOther();

    /** It is closed, both sides or by a reset. */
    void closed();
}
