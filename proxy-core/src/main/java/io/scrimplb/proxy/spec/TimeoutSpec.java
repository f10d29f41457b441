package io.scrimplb.proxy.spec;

import java.time.Duration;

/**
 * How long each phase may last. All are positive; they are kept to within half a second.
 *
 * @param clientHeader from the first byte of a request head to its end; over it 408
 * @param clientIdle between two requests, and without progress inside one; a reader that is slower than a socket buffer in
 *     this time counts as one that stalls
 * @param connect to establish a connection to an endpoint; over it the next endpoint is tried
 * @param firstByte from the end of the request to the first byte of the response; over it 504
 * @param tunnelIdle without a byte either way in a WebSocket or TCP session, and from an endpoint in the middle of a
 *     response, which may be a stream of rare events
 * @param drain what is in flight may still take this long once the proxy stops
 */
public record TimeoutSpec(
        Duration clientHeader,
        Duration clientIdle,
        Duration connect,
        Duration firstByte,
        Duration tunnelIdle,
        Duration drain) {
    /** 10 s, 60 s, 3 s, 60 s, 1 h and 30 s. */
    public static TimeoutSpec defaults() {
        return new TimeoutSpec(
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(3),
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofSeconds(30));
    }
}
