package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.MemberAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jgroups.Address;
import org.junit.jupiter.api.Test;

class HeartbeatPartnersTest {
    private final Address lb1 = member(Role.LOAD_BALANCER);
    private final Address lb2 = member(Role.LOAD_BALANCER);
    private final Address web1 = member(Role.BACKEND);
    private final Address web2 = member(Role.BACKEND);
    private final Address web3 = member(Role.BACKEND);
    private final List<Address> all = List.of(lb1, lb2, web1, web2, web3);

    @Test
    void loadBalancerHearsFromEverybody() {
        assertThat(partners(lb1)).containsExactly(lb2, web1, web2, web3);
    }

    @Test
    void backendHearsFromLoadBalancersOnly() {
        assertThat(partners(web2)).containsExactly(lb1, lb2);
    }

    @Test
    void suspectedLoadBalancerIsStillListenedTo() {
        assertThat(partners(web2, lb1)).containsExactly(lb1, lb2);
    }

    @Test
    void backendsHearFromEachOtherOnceAllLoadBalancersAreSuspected() {
        assertThat(partners(web2, lb1, lb2)).containsExactly(lb1, lb2, web1, web3);
    }

    @Test
    void backendsHearFromEachOtherWhereThereIsNoLoadBalancer() {
        assertThat(HeartbeatPartners.of(web1, List.of(web1, web2, web3), m -> false))
                .containsExactly(web2, web3);
    }

    @Test
    void whoeverOneHearsFromIsOneWhoSays() {
        for (Address one : all) {
            for (Address other : all) {
                assertThat(partners(one).contains(other))
                        .isEqualTo(partners(other).contains(one));
            }
        }
    }

    @Test
    void oneOfTwoPartnersSpeaksFirst() {
        for (Address one : all) {
            for (Address other : partners(one)) {
                assertThat(HeartbeatPartners.answers(one, other) && HeartbeatPartners.answers(other, one))
                        .isFalse();
            }
        }
        assertThat(HeartbeatPartners.answers(lb1, web1)).isTrue();
        assertThat(HeartbeatPartners.answers(lb1, lb2)).isFalse();
    }

    private List<Address> partners(Address self, Address... suspected) {
        return HeartbeatPartners.of(self, all, Set.of(suspected)::contains);
    }

    private static Address member(Role role) {
        return MemberAddress.create(
                UUID.randomUUID(), role, "m", new InetSocketAddress(InetAddress.getLoopbackAddress(), 9999));
    }
}
