package io.scrimplb.proxy.routing;

import io.scrimplb.proxy.telemetry.ListenerCounters;

/** What a connection knows of the listener it came through; outlives swaps and the listener itself, and is its key in
 * every snapshot, by identity. Any thread. */
public final class ListenerHandle {
    private final String name;
    private final ListenerCounters counters;
    private volatile boolean retired;

    public ListenerHandle(String name, ListenerCounters counters) {
        this.name = name;
        this.counters = counters;
    }

    public String name() {
        return name;
    }

    public ListenerCounters counters() {
        return counters;
    }

    /** Whether the listener is gone: its connections end after what is in flight. */
    public boolean retired() {
        return retired;
    }

    public void retire() {
        retired = true;
    }
}
