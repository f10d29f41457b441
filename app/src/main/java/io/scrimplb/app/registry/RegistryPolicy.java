package io.scrimplb.app.registry;

/** All that the operator decides about the registry. */
public record RegistryPolicy(ClaimPolicy claims, Retention retention, ForwardingPolicy forwarding) {}
