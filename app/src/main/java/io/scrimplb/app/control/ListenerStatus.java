package io.scrimplb.app.control;

/**
 * A listener as the status shows it.
 *
 * @param name its port as text; the metric label {@code listener}
 * @param address where it binds
 * @param protocol {@code http}, {@code https}, {@code redirect} (to https) or {@code tcp}
 * @param bound whether it is open
 */
public record ListenerStatus(String name, String address, String protocol, boolean bound) {}
