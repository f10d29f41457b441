package io.scrimplb.app.acme;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** What is counted of orders. Thread-safe. */
final class OrderMetrics {
    /** A certificate came. */
    static final String ISSUED = "issued";
    /** The authority refused. */
    static final String FAILED = "failed";
    /** It did not come to anything that an authority counts. */
    static final String PUT_OFF = "put-off";

    private final MeterRegistry meters;
    private volatile boolean leads;

    OrderMetrics(MeterRegistry meters) {
        this.meters = meters;
        Gauge.builder(AcmeMetricNames.LEADS, this, metrics -> metrics.leads ? 1 : 0)
                .description("Whether this load balancer is the one that orders certificates.")
                .strongReference(true)
                .register(meters);
        List.of(ISSUED, FAILED, PUT_OFF).forEach(this::counter);
    }

    /** @param now whether this load balancer is the one that orders */
    void leads(boolean now) {
        leads = now;
    }

    void order(String result) {
        counter(result).increment();
    }

    private Counter counter(String result) {
        return Counter.builder(AcmeMetricNames.ORDERS)
                .description("Orders for certificates that ended here.")
                .tag("result", result)
                .register(meters);
    }
}
