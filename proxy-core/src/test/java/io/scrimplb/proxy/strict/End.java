package io.scrimplb.proxy.strict;

/** How a connection goes on for the client behind what it saw. */
enum End {
    /** It takes another request. */
    OPEN,
    /** The proxy ended it in order. */
    CLOSED,
    /** The proxy reset it. */
    RESET
}
