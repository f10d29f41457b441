package io.scrimplb.proxy.spec;

import java.time.Duration;

/**
 * That browsers shall use this application by https only (RFC 6797), told on responses that went out by TLS.
 *
 * @param maxAge for how long; whole seconds, 0 takes an earlier order back
 * @param includeSubDomains whether it holds for the names below too
 */
public record HstsSpec(Duration maxAge, boolean includeSubDomains) {}
