package io.scrimplb.seed;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An address through which the cluster can be joined.
 *
 * @param address literal IPv4 or IPv6 address (without brackets) or a host name
 * @param port cluster port, 1 to 65535
 * @param updated when its owner last renewed it; null when the source does not say
 */
public record Seed(String address, int port, @Nullable Instant updated) {}
