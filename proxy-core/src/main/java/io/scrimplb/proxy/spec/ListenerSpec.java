package io.scrimplb.proxy.spec;

import java.net.InetSocketAddress;

/** A socket to have open and how its connections are treated. */
public sealed interface ListenerSpec permits HttpListenerSpec, TcpListenerSpec {
    /** The identity of the listener across changes; the metric label {@code listener}. */
    String name();

    /** Where to bind. Port 0 lets the system choose; the status tells which it became. */
    InetSocketAddress address();
}
