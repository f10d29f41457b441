package io.scrimplb.proxy.spec;

import java.net.InetSocketAddress;

/**
 * One address of an upstream. Its identity is upstream + address + member: state such as requests in flight outlives a
 * swap as long as that stays the same.
 *
 * @param member identity of the member that offers it, or {@code static}
 * @param address resolved address of the application
 * @param weight share of the requests relative to the other endpoints, 1 to 1000
 * @param suspected the cluster suspects the member to be gone: used only while no other endpoint is there
 */
public record EndpointSpec(String member, InetSocketAddress address, int weight, boolean suspected) {}
