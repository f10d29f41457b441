package io.scrimplb.app.registry;

import io.scrimplb.membership.Claims;

/** What an application asks of the load balancer: a place on a listen port. */
sealed interface Claim {
    int port();

    /** Whether a member of those limits may answer for it. */
    boolean within(Claims limits);

    /** How messages and the status show it. */
    String text();

    /**
     * Requests to a host and below a path.
     *
     * @param host lower case, {@code *.example.com}, or {@code *} for any
     * @param path starts with {@code /} and ends with it only when it is nothing else
     */
    record Http(int port, String host, String path) implements Claim {
        @Override
        public boolean within(Claims limits) {
            return limits.allowsPort(port) && limits.allowsDomain(host);
        }

        @Override
        public String text() {
            return ":" + port + " " + host + path;
        }
    }

    /** All connections to the port. */
    record Tcp(int port) implements Claim {
        /** Raw bytes have no domain: whoever forwards them answers for all. */
        @Override
        public boolean within(Claims limits) {
            return limits.allowsPort(port) && limits.allowsDomain(Claims.ANY_DOMAIN);
        }

        @Override
        public String text() {
            return ":" + port + " tcp";
        }
    }
}
