package io.scrimplb.membership.transport;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.Grant;
import java.net.InetSocketAddress;
import java.util.UUID;
import org.jgroups.util.ExtendedUUID;

/**
 * Who is at the other end of an open connection.
 *
 * @param address as JGroups knows it; its id, role and place are what the connection proved and said
 * @param grant what its certificate lets it be and do
 */
public record Peer(UUID id, Role role, InetSocketAddress reachedAt, ExtendedUUID address, Grant grant) {
    static Peer of(Control.Self self, Grant grant) {
        return new Peer(
                self.id(),
                self.role(),
                self.reachedAt(),
                MemberAddress.create(self.id(), self.role(), self.name(), self.reachedAt()),
                grant);
    }

    /** Whether this is a holder of a token, who is not trusted with more than it grants. */
    public boolean restricted() {
        return grant.role().isPresent();
    }
}
