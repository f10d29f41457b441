package io.scrimplb.proxy.h2;

import io.netty.util.internal.PlatformDependent;
import io.scrimplb.proxy.exchange.ExchangeLoop;
import io.scrimplb.proxy.transport.Loop;
import java.util.ArrayList;
import java.util.List;

/**
 * What the HTTP/2 connections of one event loop share: scratch space for field sections, the list of those that have something
 * to send, and the count of what they all hold. Made and used on that loop alone.
 */
public final class H2Loop {
    /**
     * The part of the memory for buffers (the JVM's limit of direct memory) that bodies may take which wait for a slow client or
     * a slow endpoint, over all connections of all loops. Streams are cheap to open, so what each may hold alone would add up.
     */
    private static final int MEMORY_PART = 4;

    /**
     * While less than half of its share waits, a loop lets streams that stand still not use up their connection's window; and
     * endpoints' streams may have been given half of it beyond the window that each begins with.
     */
    private static final int EASY_PART = 2;

    private final ExchangeLoop exchanges;
    private final Loop loop;
    private final FieldSection section = new FieldSection();
    private final RequestTranslator requests = new RequestTranslator();
    private final ResponseFields responses = new ResponseFields();
    private final RequestFields requestFields = new RequestFields();
    private final ResponseTranslator responseTranslator = new ResponseTranslator();
    private final long budgetBytes;
    private List<Flushed> dirty = new ArrayList<>();
    private List<Flushed> flushing = new ArrayList<>();
    private long heldBytes;
    private long givenBytes;

    /** A connection whose frames leave together at the end of a turn. */
    interface Flushed {
        /** Sends what was put in this turn. */
        void flushTurn();

        /** Something went wrong that should not: ends it. */
        void abort();
    }

    /** @param loops over how many loops the memory is shared */
    public H2Loop(ExchangeLoop exchanges, int loops) {
        this.exchanges = exchanges;
        this.loop = exchanges.loop();
        this.budgetBytes = PlatformDependent.maxDirectMemory() / MEMORY_PART / loops;
    }

    ExchangeLoop exchanges() {
        return exchanges;
    }

    Loop loop() {
        return loop;
    }

    /** The field section in hand; valid until the next one is decoded. */
    FieldSection section() {
        return section;
    }

    RequestTranslator requests() {
        return requests;
    }

    ResponseFields responses() {
        return responses;
    }

    RequestFields requestFields() {
        return requestFields;
    }

    ResponseTranslator responseTranslator() {
        return responseTranslator;
    }

    /** Has a connection flushed once the events of this turn have been handled, in which others may have put more. */
    void dirty(Flushed connection) {
        if (dirty.isEmpty()) {
            loop.executor().execute(this::flush);
        }
        dirty.add(connection);
    }

    private void flush() {
        List<Flushed> now = dirty;
        dirty = flushing;
        flushing = now;
        try {
            for (Flushed connection : now) {
                try {
                    connection.flushTurn();
                } catch (RuntimeException | Error e) {
                    // Not even for want of memory may one end what all others of the loop send.
                    exchanges.troubled(e);
                    connection.abort();
                }
            }
        } finally {
            now.clear();
        }
    }

    /** Bytes of bodies began to wait, or no longer do. */
    void hold(long bytes) {
        heldBytes += bytes;
    }

    /** Whether so much waits that nobody may make more of it wait. */
    boolean full() {
        return heldBytes > budgetBytes;
    }

    /**
     * Lets an endpoint's stream hold more.
     *
     * @param bytes that it wants
     * @return how many it gets, to be given back by {@link #takeBack}
     */
    int give(int bytes) {
        int given = (int) Math.max(0, Math.min(bytes, budgetBytes / EASY_PART - givenBytes));
        givenBytes += given;
        return given;
    }

    /** An endpoint's stream holds no more of what it was given. */
    void takeBack(int bytes) {
        givenBytes -= bytes;
    }

    /** Whether little waits. */
    boolean easy() {
        return heldBytes < budgetBytes / EASY_PART;
    }
}
