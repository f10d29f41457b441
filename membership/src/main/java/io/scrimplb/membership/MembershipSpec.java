package io.scrimplb.membership;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a process takes part in the cluster.
 *
 * @param clusterName members with another name are not seen
 * @param role what this process is
 * @param memberName what people call it; defaults are the caller's business
 * @param bindAddress where to listen; loopback or private while the cluster has no secret
 * @param bindPort cluster port, 0 to let the system choose
 * @param portRange further ports to try, one after the other, when {@code bindPort} is taken; 0 for none
 * @param advertiseAddress address that others shall use to reach this member, null for the bind address
 * @param advertisePort port that others shall use to reach this member, 0 for the one that is bound
 */
public record MembershipSpec(
        String clusterName,
        Role role,
        String memberName,
        InetAddress bindAddress,
        int bindPort,
        int portRange,
        @Nullable InetAddress advertiseAddress,
        int advertisePort) {}
