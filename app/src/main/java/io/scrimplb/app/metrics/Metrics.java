package io.scrimplb.app.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.scrimplb.app.certificates.CertificateStatus;
import io.scrimplb.app.registry.MemberEvent;
import io.scrimplb.membership.MembershipStats;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.telemetry.MetricNames;
import io.scrimplb.proxy.telemetry.TrafficSource;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** All metrics of one process, on load balancers and backends alike. Thread-safe. */
public final class Metrics implements AutoCloseable {
    /** The content type of {@link #scrape}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** Function counters hold what they read weakly, and nobody else need hold a lambda. */
    private final List<Object> heldSources = new CopyOnWriteArrayList<>();

    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    /** Starts with the process and the JVM; what else there is gets added by the methods below, once each. */
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        registry.getPrometheusRegistry().register(new ProcessCollector());
    }

    /** Shows the traffic of a proxy, read anew at each scrape. */
    public void traffic(TrafficSource source) {
        registry.getPrometheusRegistry().register(new TrafficCollector(source));
    }

    /** Shows how long certificates still last; asked at each scrape, from any thread. */
    public void certificates(Supplier<List<CertificateStatus>> source) {
        registry.getPrometheusRegistry().register(new CertificateCollector(source, Clock.systemUTC()));
    }

    /** Shows the members of the cluster by role; asked at each scrape, from any thread. */
    public void members(ToIntFunction<Role> count) {
        for (Role role : Role.values()) {
            Gauge.builder(MetricNames.MEMBERS, role, count::applyAsInt)
                    .description("Members of the cluster, this one included.")
                    .tag("role", label(role))
                    .strongReference(true)
                    .register(registry);
        }
    }

    /** Counts a change of a member, as far as the metric knows it. */
    public void memberChanged(Role role, MemberEvent event) {
        event.metricLabel()
                .ifPresent(label -> Counter.builder(MetricNames.MEMBER_CHANGES)
                        .description("Members that came, went or fell silent.")
                        .tag("role", label(role))
                        .tag("event", label)
                        .register(registry)
                        .increment());
    }

    /**
     * Counts a push to the seed store.
     *
     * @param provider name of the provider, as configuration spells it
     * @param result one of a few fixed words, such as {@code ok} and {@code failed}
     */
    public void seedPushed(String provider, String result) {
        Counter.builder(MetricNames.SEED_PUSHES)
                .description("Pushes to the seed store.")
                .tag("provider", provider)
                .tag("result", result)
                .register(registry)
                .increment();
    }

    /**
     * Shows what was refused of what members sent, and what of the messages between members was dropped; asked at each
     * scrape, from any thread.
     *
     * @param stats counts that only grow
     */
    public void membership(Supplier<MembershipStats> stats) {
        heldSources.add(stats);
        refused(stats, "ignored", MembershipStats::ignoredMessages);
        refused(stats, "hostile", MembershipStats::hostileMessages);
        refused(stats, "frame", MembershipStats::refusedFrames);
        refused(stats, "application", MembershipStats::refusedApplications);
        refused(stats, "connection", MembershipStats::refusedConnections);
        dropped(stats, "in", MembershipStats::overflowedMessages);
        dropped(stats, "out", MembershipStats::unsentMessages);
    }

    private void refused(Supplier<MembershipStats> stats, String reason, ToDoubleFunction<MembershipStats> count) {
        FunctionCounter.builder(ClusterMetricNames.MESSAGES_REFUSED, stats, source -> count.applyAsDouble(source.get()))
                .description("What members or strangers sent to the cluster's port and was not believed.")
                .tag("reason", reason)
                .register(registry);
    }

    private void dropped(Supplier<MembershipStats> stats, String direction, ToDoubleFunction<MembershipStats> count) {
        FunctionCounter.builder(ClusterMetricNames.MESSAGES_DROPPED, stats, source -> count.applyAsDouble(source.get()))
                .description(
                        "Messages between members that were dropped, since one of them does not keep up or is away.")
                .tag("direction", direction)
                .register(registry);
    }

    /** For meters of other packages that are not the proxy's. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Writes everything as Prometheus text, {@link #CONTENT_TYPE}. */
    public void scrape(OutputStream out) throws IOException {
        registry.scrape(out, CONTENT_TYPE);
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }

    private static String label(Role role) {
        return switch (role) {
            case LOAD_BALANCER -> "load-balancer";
            case BACKEND -> "backend";
        };
    }
}
