package io.scrimplb.app.config;

import io.scrimplb.membership.Role;
import java.util.Optional;

/**
 * The admin address.
 *
 * @param address where to listen; empty for the role's default
 * @param off true when there shall be none
 * @param token what a client must show; there is always one when {@code address} is not loopback
 */
public record AdminConfig(Optional<HostPort> address, boolean off, Optional<String> token) {
    /** Default of a load balancer. */
    public static final HostPort LOAD_BALANCER_DEFAULT = new HostPort("127.0.0.1", 9494);
    /** Default of a backend: another port, so that both roles fit on one machine. */
    public static final HostPort BACKEND_DEFAULT = new HostPort("127.0.0.1", 9495);

    /** Where a process of that role listens; empty when the admin address is off. */
    public Optional<HostPort> addressFor(Role role) {
        if (off) {
            return Optional.empty();
        }
        return Optional.of(address.orElse(role == Role.LOAD_BALANCER ? LOAD_BALANCER_DEFAULT : BACKEND_DEFAULT));
    }

    @Override
    public String toString() {
        return "AdminConfig[address=" + address + ", off=" + off + ", token=" + (token.isPresent() ? "set" : "none")
                + "]";
    }
}
