package io.scrimplb.app.registry;

import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import java.net.InetAddress;
import java.util.List;

/**
 * What every derived spec carries unchanged.
 *
 * @param listenAddress address at which all listeners bind, such as {@code 0.0.0.0}
 * @param limits bounds of the proxy
 * @param timeouts times of the proxy
 * @param trustedProxies networks in CIDR form whose forwarding headers are believed
 */
public record ForwardingPolicy(
        InetAddress listenAddress, LimitSpec limits, TimeoutSpec timeouts, List<String> trustedProxies) {
    public ForwardingPolicy {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Default limits and timeouts, nobody trusted. */
    public static ForwardingPolicy defaults(InetAddress listenAddress) {
        return new ForwardingPolicy(listenAddress, LimitSpec.defaults(), TimeoutSpec.defaults(), List.of());
    }
}
