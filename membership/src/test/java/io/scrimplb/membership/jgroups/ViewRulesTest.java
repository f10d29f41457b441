package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.MemberAddress;
import io.scrimplb.membership.transport.Peer;
import io.scrimplb.membership.trust.Grant;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jgroups.Address;
import org.jgroups.View;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.Test;

class ViewRulesTest {
    private static final InetSocketAddress AT = new InetSocketAddress("10.0.0.7", 9999);
    private static final Grant TOKEN = new Grant(Optional.of(Role.BACKEND), Claims.UNLIMITED, Optional.empty());

    private final Map<UUID, Peer> peers = new HashMap<>();
    private final ViewRules rules = new ViewRules(peers::get);

    @Test
    void memberWithoutAConnectionIsTrustedNoMoreThanOneWithAToken() {
        assertThat(rules.restricted(connected(Role.BACKEND, Grant.FULL))).isFalse();
        assertThat(rules.restricted(connected(Role.BACKEND, TOKEN))).isTrue();
        assertThat(rules.restricted(address(Role.BACKEND))).isTrue();
    }

    @Test
    void membersThatAreKnownByThemselvesArePlausible() {
        Address connected = connected(Role.BACKEND, TOKEN);
        Address viewed = address(Role.BACKEND);
        View own = View.create(connected, 1, connected, viewed);

        assertThat(rules.plausible(new Address[] {connected, viewed}, own)).isTrue();
        assertThat(rules.plausible(null, own)).isTrue();
    }

    @Test
    void inventedMembersAndLoadBalancersAreNot() {
        Address connected = connected(Role.BACKEND, TOKEN);
        View own = View.create(connected, 1, connected);

        assertThat(rules.plausible(new Address[] {connected, address(Role.BACKEND)}, own))
                .isFalse();
        assertThat(rules.plausible(new Address[] {connected(Role.LOAD_BALANCER, Grant.FULL)}, own))
                .isFalse();
        assertThat(rules.plausible(new Address[] {null}, own)).isFalse();
    }

    @Test
    void numbersGoUpBySmallSteps() {
        Address member = address(Role.BACKEND);
        View own = View.create(member, 7, member);

        assertThat(rules.near(8, own)).isTrue();
        assertThat(rules.near(1_000_000, own)).isFalse();
    }

    @Test
    void thoseWithTokensLeaveRoomForTheOthers() {
        List<Address> members = new ArrayList<>();
        for (int i = 0; i < ViewRules.MAX_RESTRICTED; i++) {
            members.add(connected(Role.BACKEND, TOKEN));
        }
        View full = View.create(members.get(0), 1, members.toArray(Address[]::new));

        assertThat(rules.hasRoom(connected(Role.BACKEND, TOKEN), full)).isFalse();
        assertThat(rules.hasRoom(connected(Role.BACKEND, Grant.FULL), full)).isTrue();
        assertThat(rules.hasRoom(
                        connected(Role.BACKEND, TOKEN), View.create(members.get(0), 1, members.get(0), members.get(1))))
                .isTrue();
    }

    private Address connected(Role role, Grant grant) {
        ExtendedUUID address = address(role);
        UUID id = new UUID(address.getMostSignificantBits(), address.getLeastSignificantBits());
        peers.put(id, new Peer(id, role, AT, address, grant));
        return address;
    }

    private static ExtendedUUID address(Role role) {
        return MemberAddress.create(UUID.randomUUID(), role, "m", AT);
    }
}
