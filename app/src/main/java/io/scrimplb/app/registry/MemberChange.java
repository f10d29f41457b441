package io.scrimplb.app.registry;

import io.scrimplb.membership.Role;

/**
 * One member came, went or fell silent.
 *
 * @param handle readable and unique name of the member, safe to print
 */
public record MemberChange(String handle, Role role, MemberEvent event) {}
