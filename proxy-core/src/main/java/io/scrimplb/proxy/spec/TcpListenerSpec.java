package io.scrimplb.proxy.spec;

import java.net.InetSocketAddress;

/**
 * A listener whose connections are relayed byte by byte to one upstream.
 *
 * @param upstream name of the {@link UpstreamSpec}
 */
public record TcpListenerSpec(String name, InetSocketAddress address, String upstream) implements ListenerSpec {}
