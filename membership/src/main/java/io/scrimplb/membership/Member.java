package io.scrimplb.membership;

import java.net.InetSocketAddress;

/**
 * A process in the cluster.
 *
 * @param id identity of this run of the process, new at every start; equal on every member that sees it
 * @param name what a person calls it, such as its host name; not unique
 * @param role load balancer or backend
 * @param address where the cluster reaches it
 */
public record Member(String id, String name, Role role, InetSocketAddress address) {}
