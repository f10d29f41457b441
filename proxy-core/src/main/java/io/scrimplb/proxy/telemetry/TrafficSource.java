package io.scrimplb.proxy.telemetry;

import java.util.Collection;

/**
 * What can be read about the traffic, at any time and from any thread. The objects stay the same while what they count
 * exists; after a swap removed it they are no longer listed.
 */
public interface TrafficSource {
    /** One for each pair of application and listener that a route joins, and one a listener for unrouted requests. */
    Collection<RequestCounters> requests();

    Collection<EndpointCounters> endpoints();

    /** One for each application, and {@link RequestCounters#NO_APPLICATION} for what no application is to blame for. */
    Collection<ApplicationCounters> applications();

    Collection<ListenerCounters> listeners();

    /** Routes in force. */
    int routes();

    /** Swaps since the start. */
    long swaps();
}
