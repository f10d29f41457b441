package io.scrimplb.proxy.endpoint;

import java.net.InetSocketAddress;

/**
 * The identity by which an endpoint's state is kept across swaps: not the address alone, since two applications, or two
 * runs of a member, may use one address after the other.
 */
public record EndpointKey(String upstream, InetSocketAddress address, String member) {}
