package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipException.Reason;
import io.scrimplb.seed.address.PrivateAddresses;
import java.net.InetAddress;

/**
 * Which addresses the cluster's port may be bound to in a cluster without a secret: those that strangers cannot
 * reach, by the one rule of {@link PrivateAddresses}. The wildcard would be all of them.
 */
final class BindRules {
    private static final String NEEDS_SECRET = "a public address needs a cluster-secret ('secret' prints a new one);"
            + " set it on all members, or bind a loopback or private address (a VPN's will do)";

    private BindRules() {}

    /**
     * @param secured whether the member has a secret or a token, and with it any address
     */
    static void check(InetAddress address, boolean secured) throws MembershipException {
        if (secured) {
            return;
        }
        if (address.isAnyLocalAddress()) {
            throw new MembershipException(
                    Reason.ADDRESS_REFUSED,
                    "bind-address " + address.getHostAddress() + " would open the cluster's port on every address: "
                            + NEEDS_SECRET);
        }
        if (!PrivateAddresses.isPrivate(address)) {
            throw new MembershipException(
                    Reason.ADDRESS_REFUSED, "bind-address " + address.getHostAddress() + ": " + NEEDS_SECRET);
        }
    }
}
