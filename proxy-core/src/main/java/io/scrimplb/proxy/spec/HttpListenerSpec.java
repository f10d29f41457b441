package io.scrimplb.proxy.spec;

import java.net.InetSocketAddress;

/** A listener whose connections speak HTTP/1.x in clear text and are routed by host and path. */
public record HttpListenerSpec(String name, InetSocketAddress address) implements ListenerSpec {}
