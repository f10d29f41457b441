package io.scrimplb.proxy.h2;

import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.Origins;
import org.jspecify.annotations.Nullable;

/** An exchange that waits for a connection which is being made. */
final class WaitingExchange implements Origins.Connecting {
    private @Nullable Exchange exchange;

    WaitingExchange(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void abandon() {
        exchange = null;
    }

    boolean abandoned() {
        return exchange == null;
    }

    /** The exchange, which waits no more; null when it does not any more. */
    @Nullable
    Exchange take() {
        Exchange taken = exchange;
        exchange = null;
        return taken;
    }

    void begin(H2OriginConnection on) {
        Exchange waiting = exchange;
        exchange = null;
        if (waiting != null) {
            waiting.connected(on.serve(waiting));
        }
    }

    void fail(Throwable cause) {
        Exchange waiting = exchange;
        exchange = null;
        if (waiting != null) {
            waiting.connectFailed(cause);
        }
    }
}
