package io.scrimplb.app.registry;

import io.scrimplb.membership.Claims;

/** What an application asks of the load balancer: a place on a listen port. */
sealed interface Claim {
    int port();

    Way way();

    /** Whether a member of those limits may answer for it. */
    boolean within(Claims limits);

    /** How messages and the status show it. */
    String text();

    /** How what arrives at a place is forwarded. */
    enum Way {
        /** Request by request. */
        HTTP,
        /** All connections of a port as they come. */
        TCP,
        /** TLS connections by the name they ask for, not decrypted. */
        PASSTHROUGH
    }

    /**
     * Requests to a host and below a path.
     *
     * @param host lower case, {@code *.example.com}, or {@code *} for any
     * @param path starts with {@code /} and ends with it only when it is nothing else
     */
    record Http(int port, String host, String path) implements Claim {
        @Override
        public Way way() {
            return Way.HTTP;
        }

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
        @Override
        public Way way() {
            return Way.TCP;
        }

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

    /**
     * TLS connections to a host.
     *
     * @param host lower case or {@code *.example.com}
     */
    record Tls(int port, String host) implements Claim {
        @Override
        public Way way() {
            return Way.PASSTHROUGH;
        }

        @Override
        public boolean within(Claims limits) {
            return limits.allowsPort(port) && limits.allowsDomain(host);
        }

        @Override
        public String text() {
            return ":" + port + " " + host + " tls";
        }
    }
}
