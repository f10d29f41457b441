package io.scrimplb.app.config;

import io.scrimplb.proxy.spec.TimeoutSpec;
import java.time.Duration;

/** How long each phase may last, all positive; {@link TimeoutSpec} says what each bounds. */
public record TimeoutsConfig(
        Duration clientHeader,
        Duration clientIdle,
        Duration connect,
        Duration firstByte,
        Duration tunnelIdle,
        Duration drain) {
    /** As the proxy takes them. */
    public TimeoutSpec toSpec() {
        return new TimeoutSpec(clientHeader, clientIdle, connect, firstByte, tunnelIdle, drain);
    }
}
