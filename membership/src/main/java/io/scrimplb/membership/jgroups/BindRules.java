package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipException.Reason;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Which addresses the cluster's port may be bound to while the cluster has no secret: loopback, and those that routers
 * do not carry over the internet (RFC 1918, RFC 3927, RFC 4193, RFC 4291 2.5.6). The wildcard would be all of them.
 */
final class BindRules {
    private BindRules() {}

    static void check(InetAddress address) throws MembershipException {
        if (address.isAnyLocalAddress()) {
            throw new MembershipException(
                    Reason.ADDRESS_REFUSED,
                    "bind-address " + address.getHostAddress() + " would open the cluster's port on every address, and"
                            + " the cluster has no secret: set bind-address to a loopback or private address");
        }
        if (!isPrivate(address)) {
            throw new MembershipException(
                    Reason.ADDRESS_REFUSED,
                    "bind-address " + address.getHostAddress() + " is public, and the cluster has no secret:"
                            + " set bind-address to a loopback or private address");
        }
    }

    static boolean isPrivate(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || (address instanceof Inet6Address ? isUniqueLocal(address) : address.isSiteLocalAddress());
    }

    /** fc00::/7; Java's isSiteLocalAddress means the deprecated fec0::/10 for IPv6. */
    private static boolean isUniqueLocal(InetAddress address) {
        return (address.getAddress()[0] & 0xfe) == 0xfc;
    }
}
