package io.scrimplb.app.config;

import io.scrimplb.membership.Role;
import java.util.Optional;

/**
 * Everything that can be configured, with defaults applied. Both roles read the same file, so both halves are there.
 *
 * @param role what the file says it is for ({@code lb: true|false}); empty when it does not say
 */
public record ScrimpConfig(
        Optional<Role> role,
        ClusterConfig cluster,
        SeedSourceConfig seedSource,
        AdminConfig admin,
        LoadBalancerConfig loadBalancer,
        BackendConfig backend) {}
