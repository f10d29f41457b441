package io.scrimplb.proxy.spec;

import java.net.InetSocketAddress;
import java.util.OptionalInt;

/**
 * A listener whose connections speak HTTP and are routed by host and path.
 *
 * @param tls whether connections are TLS, with the certificates of {@link TlsSpec}, or relayed by its passthroughs
 * @param redirectPort port of the https listener to which every request is sent on; empty for none. Routes of such a listener
 *     mean nothing, challenges are answered
 */
public record HttpListenerSpec(String name, InetSocketAddress address, boolean tls, OptionalInt redirectPort)
        implements ListenerSpec {
    /** A listener in clear text. */
    public HttpListenerSpec(String name, InetSocketAddress address) {
        this(name, address, false, OptionalInt.empty());
    }
}
