package io.scrimplb.app.config;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Where addresses to join through are found and published.
 *
 * @param provider type in lower case: {@code manual}, {@code file}, {@code s3}, {@code http}, {@code dns}, {@code dummy}
 * @param providerConfig the provider's own keys, checked by name and type; not to be changed
 * @param resolver how the own address to publish is found, kind in lower case, such as {@code interface:eth0}
 */
public record SeedSourceConfig(String provider, ObjectNode providerConfig, String resolver) {
    /** Leaves the provider's keys out: a token may be among them. */
    @Override
    public String toString() {
        return "SeedSourceConfig[provider=" + provider + ", resolver=" + resolver + "]";
    }
}
