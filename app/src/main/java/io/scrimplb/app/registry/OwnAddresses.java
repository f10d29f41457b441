package io.scrimplb.app.registry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which addresses are this load balancer's own, so that nothing it forwards comes back to itself. Immutable; an address
 * that the host gets later is not among them.
 *
 * @param local addresses of this host's interfaces; loopback always counts, listed or not
 * @param forbidden where no member may send clients, such as the admin address; a wildcard stands for every local
 *     address
 */
record OwnAddresses(Set<InetAddress> local, Set<InetSocketAddress> forbidden) {
    OwnAddresses {
        local = Set.copyOf(local);
        forbidden = Set.copyOf(forbidden);
    }

    /** With the addresses that this host has at the moment. */
    static OwnAddresses ofThisHost(Collection<InetSocketAddress> forbidden) {
        return new OwnAddresses(interfaces(), Set.copyOf(forbidden));
    }

    private static Set<InetAddress> interfaces() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException e) {
            // Loopback is known without asking.
            return Set.of();
        }
    }

    /** Whether a member may not name that. */
    boolean forbids(InetSocketAddress target) {
        return forbidden.stream().anyMatch(one -> isAt(one, target));
    }

    /** Whether who connects to the target reaches what is bound at an address of this host. */
    boolean isAt(InetSocketAddress bound, InetSocketAddress target) {
        InetAddress at = bound.getAddress();
        InetAddress host = target.getAddress();
        if (at == null || host == null || bound.getPort() != target.getPort()) {
            return false;
        }
        return at.isAnyLocalAddress() ? host.isLoopbackAddress() || local.contains(host) : at.equals(host);
    }
}
