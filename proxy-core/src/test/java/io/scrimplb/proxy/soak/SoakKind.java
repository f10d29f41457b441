package io.scrimplb.proxy.soak;

import java.util.SplittableRandom;

/** What a client connection does, and how many connections in a thousand do it. */
enum SoakKind {
    /** Batches of small requests, written at once. */
    PIPELINED(500),
    /** One request, then the client closes. */
    SINGLE(150),
    /** Bodies of up to a megabyte down. */
    BIG(40),
    /** Bodies up, by length. */
    UPLOAD(60),
    /** Bodies up, in chunks. */
    CHUNKED(60),
    /** Closes within a head or within a body it sends. */
    ABORTED_REQUEST(40),
    /** Closes within a body it is sent. */
    ABORTED_RESPONSE(40),
    /** Resets within a request or within a response. */
    RESET(40),
    /** Reads a body a little at a time. */
    SLOW(10),
    /** An upgrade, then messages that come back. */
    WEBSOCKET(30),
    /** A raw session, then bytes that come back. */
    TCP(30);

    private final int inThousand;

    SoakKind(int inThousand) {
        this.inThousand = inThousand;
    }

    static SoakKind any(SplittableRandom random) {
        int ticket = random.nextInt(1000);
        for (SoakKind kind : values()) {
            ticket -= kind.inThousand;
            if (ticket < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the shares are not a thousand");
    }
}
