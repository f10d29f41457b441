package io.scrimplb.app.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.CodeClass;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.telemetry.HandshakeResult;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.telemetry.MetricNames;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.telemetry.TrafficSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads the traffic counters at scrape. Thread-safe: scrapes take turns. */
final class TrafficCollector implements MultiCollector {
    /** Applications with series of their own. With all code classes, causes and listeners about 30 series each. */
    static final int MAX_APPLICATIONS = 500;
    /** Endpoints with series of their own, over all applications; about 9 series each. */
    static final int MAX_BACKENDS = 2_000;

    private static final CodeClass[] CLASSES = CodeClass.values();
    private static final ErrorCause[] CAUSES = ErrorCause.values();

    private final TrafficSource source;
    private final LabelCap applications = new LabelCap(MAX_APPLICATIONS);
    private final LabelCap backends = new LabelCap(MAX_BACKENDS);
    private final OtherTotals others = new OtherTotals();

    TrafficCollector(TrafficSource source) {
        this.source = source;
    }

    @Override
    public synchronized MetricSnapshots collect() {
        Collection<RequestCounters> requests = source.requests();
        Collection<EndpointCounters> endpoints = source.endpoints();
        Collection<ApplicationCounters> faults = source.applications();
        Set<String> names = new LinkedHashSet<>();
        // Never crowded out: what no application is to blame for.
        names.add(RequestCounters.NO_APPLICATION);
        faults.forEach(counters -> names.add(counters.application()));
        requests.forEach(counters -> names.add(counters.application()));
        endpoints.forEach(counters -> names.add(counters.application()));
        applications.refresh(names);
        backends.refresh(endpoints.stream().map(TrafficCollector::identity).toList());
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        collectRequests(requests, snapshots);
        collectEndpoints(endpoints, snapshots);
        collectFaults(faults, snapshots);
        collectListeners(source.listeners(), snapshots);
        collectTable(snapshots);
        return snapshots.build();
    }

    private static String identity(EndpointCounters counters) {
        return counters.application() + ' ' + counters.backend();
    }

    private void collectRequests(Collection<RequestCounters> all, MetricSnapshots.Builder snapshots) {
        Family requests = new Family(MetricNames.REQUESTS, "Finished requests.", "app", "listener", "code_class");
        Family durations = new Family(
                MetricNames.REQUEST_DURATION, "From the first byte of a request to the end of its response.", "app");
        for (RequestCounters counters : all) {
            String app = applications.label(counters.application());
            for (CodeClass codeClass : CLASSES) {
                long count = counters.requests(codeClass);
                // A class that never came up is left out, but for the two that every dashboard divides by.
                if (count > 0 || codeClass == CodeClass.SUCCESS || codeClass == CodeClass.SERVER_ERROR) {
                    requests.add(count, app, counters.listener(), codeClass.label());
                }
            }
            durations.add(counters.requests(), counters.durationNanos(), app);
        }
        others.smooth(requests);
        others.smooth(durations);
        snapshots.metricSnapshot(requests.counter()).metricSnapshot(durations.summary());
    }

    private void collectEndpoints(Collection<EndpointCounters> all, MetricSnapshots.Builder snapshots) {
        Family requests = new Family(
                MetricNames.BACKEND_REQUESTS, "Finished attempts at an endpoint.", "app", "backend", "code_class");
        Family responses = new Family(
                MetricNames.BACKEND_RESPONSE, "Time to the head of an endpoint's response.", "app", "backend");
        Family inFlight = new Family(MetricNames.BACKEND_IN_FLIGHT, "Attempts begun and not ended.", "app", "backend");
        for (EndpointCounters counters : all) {
            String app = applications.label(counters.application());
            boolean own = backends.label(identity(counters)).equals(identity(counters));
            String backend = own && !app.equals(LabelCap.OTHER) ? counters.backend() : LabelCap.OTHER;
            for (CodeClass codeClass : CLASSES) {
                long count = counters.requests(codeClass);
                if (count > 0 || codeClass == CodeClass.SUCCESS || codeClass == CodeClass.SERVER_ERROR) {
                    requests.add(count, app, backend, codeClass.label());
                }
            }
            responses.add(counters.responses(), counters.responseNanos(), app, backend);
            inFlight.add(counters.inFlight(), app, backend);
        }
        others.smooth(requests);
        others.smooth(responses);
        snapshots
                .metricSnapshot(requests.counter())
                .metricSnapshot(responses.summary())
                .metricSnapshot(inFlight.gauge());
    }

    private void collectFaults(Collection<ApplicationCounters> all, MetricSnapshots.Builder snapshots) {
        Family errors =
                new Family(MetricNames.ERRORS, "Exchanges that did not end as they should, by cause.", "app", "cause");
        Family retries = new Family(MetricNames.RETRIES, "Attempts at a further endpoint.", "app");
        for (ApplicationCounters counters : all) {
            String app = applications.label(counters.application());
            for (ErrorCause cause : CAUSES) {
                long count = counters.errors(cause);
                if (count > 0) {
                    errors.add(count, app, cause.label());
                }
            }
            retries.add(counters.retries(), app);
        }
        others.smooth(errors);
        others.smooth(retries);
        snapshots.metricSnapshot(errors.counter()).metricSnapshot(retries.counter());
    }

    private static void collectListeners(Collection<ListenerCounters> all, MetricSnapshots.Builder snapshots) {
        Family connections = new Family(MetricNames.CONNECTIONS, "Client connections open now.", "listener");
        Family bytes = new Family(MetricNames.BYTES, "Bytes from (in) and to (out) clients.", "listener", "direction");
        Family handshakes = new Family(
                MetricNames.TLS_HANDSHAKES, "TLS handshakes of clients by how they ended.", "listener", "result");
        for (ListenerCounters counters : all) {
            for (HandshakeResult result : HandshakeResult.values()) {
                if (counters.handshakes(result) > 0) {
                    handshakes.add(counters.handshakes(result), counters.listener(), result.label());
                }
            }
            connections.add(counters.connections(), counters.listener());
            bytes.add(counters.bytesIn(), counters.listener(), "in");
            bytes.add(counters.bytesOut(), counters.listener(), "out");
        }
        snapshots
                .metricSnapshot(connections.gauge())
                .metricSnapshot(bytes.counter())
                .metricSnapshot(handshakes.counter());
    }

    private void collectTable(MetricSnapshots.Builder snapshots) {
        Family routes = new Family(MetricNames.ROUTES, "Routes in force.");
        routes.add(source.routes());
        Family swaps = new Family(MetricNames.ROUTING_SWAPS, "Times the routing table was swapped.");
        swaps.add(source.swaps());
        snapshots.metricSnapshot(routes.gauge()).metricSnapshot(swaps.counter());
    }
}
