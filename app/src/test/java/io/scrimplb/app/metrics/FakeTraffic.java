package io.scrimplb.app.metrics;

import io.scrimplb.proxy.telemetry.ApplicationCounters;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.telemetry.RequestCounters;
import io.scrimplb.proxy.telemetry.TrafficSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Counters that a test fills. */
public final class FakeTraffic implements TrafficSource {
    public final List<RequestCounters> requests = new ArrayList<>();
    public final List<EndpointCounters> endpoints = new ArrayList<>();
    public final List<ApplicationCounters> applications = new ArrayList<>();
    public final List<ListenerCounters> listeners = new ArrayList<>();

    @Override
    public Collection<RequestCounters> requests() {
        return requests;
    }

    @Override
    public Collection<EndpointCounters> endpoints() {
        return endpoints;
    }

    @Override
    public Collection<ApplicationCounters> applications() {
        return applications;
    }

    @Override
    public Collection<ListenerCounters> listeners() {
        return listeners;
    }

    @Override
    public int routes() {
        return 7;
    }

    @Override
    public long swaps() {
        return 9;
    }
}
