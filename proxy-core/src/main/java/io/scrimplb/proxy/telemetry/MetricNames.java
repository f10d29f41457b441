package io.scrimplb.proxy.telemetry;

/** The names of all metrics, as a scrape shows them. */
public final class MetricNames {
    public static final String REQUESTS = "scrimp_requests_total";
    public static final String REQUEST_DURATION = "scrimp_request_duration_seconds";
    public static final String BACKEND_REQUESTS = "scrimp_backend_requests_total";
    public static final String BACKEND_RESPONSE = "scrimp_backend_response_seconds";
    public static final String BACKEND_IN_FLIGHT = "scrimp_backend_inflight";
    public static final String RETRIES = "scrimp_retries_total";
    public static final String ERRORS = "scrimp_errors_total";
    public static final String CONNECTIONS = "scrimp_connections";
    public static final String BYTES = "scrimp_bytes_total";
    public static final String TLS_HANDSHAKES = "scrimp_tls_handshakes_total";
    public static final String MEMBERS = "scrimp_members";
    public static final String MEMBER_CHANGES = "scrimp_member_changes_total";
    public static final String ROUTES = "scrimp_routes";
    public static final String ROUTING_SWAPS = "scrimp_routing_swaps_total";
    public static final String SEED_PUSHES = "scrimp_seed_push_total";

    private MetricNames() {}
}
