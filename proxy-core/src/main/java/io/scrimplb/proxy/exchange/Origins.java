package io.scrimplb.proxy.exchange;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.upstream.Upstream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where an exchange gets the other side from: connections to endpoints by one protocol, of one event loop. */
public interface Origins {
    /** How long a connection may have been idle when that makes no difference. */
    long ANY_AGE = Long.MAX_VALUE;

    /**
     * Takes a connection that is there already.
     *
     * @param maxIdleNanos how long it may have been idle at most
     * @return null when there is none
     */
    @Nullable
    OriginStream reuse(Endpoint endpoint, Exchange exchange, long maxIdleNanos);

    /**
     * Connects, and tells the exchange by {@link Exchange#connected} or {@link Exchange#connectFailed}, not before this returns
     * unless the attempt fails at once.
     */
    Connecting connect(Upstream upstream, Endpoint endpoint, Exchange exchange, Duration timeout);

    /** A connection that is being made. */
    interface Connecting {
        /** The exchange has no more use for it. */
        void abandon();
    }
}
