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
    void loadBalancerHearsFromEverybodyAndSpeaksToTheOthers() {
        assertThat(watched(lb1)).containsExactly(lb2, web1, web2, web3);
        assertThat(heads(lb1)).containsExactly(lb2);
    }

    @Test
    void backendSpeaksToLoadBalancersAndHearsFromThem() {
        assertThat(watched(web2)).containsExactly(lb1, lb2);
        assertThat(heads(web2)).containsExactly(lb1, lb2);
    }

    @Test
    void suspectedLoadBalancerIsStillSpokenToAndListenedTo() {
        assertThat(watched(web2, lb1)).containsExactly(lb1, lb2);
        assertThat(heads(web2, lb1)).containsExactly(lb1, lb2);
    }

    @Test
    void firstBackendHearsFromEverybodyOnceAllLoadBalancersAreSuspected() {
        assertThat(watched(web1, lb1, lb2)).containsExactly(lb1, lb2, web2, web3);
        assertThat(watched(web2, lb1, lb2)).containsExactly(lb1, lb2, web1);
        assertThat(heads(web2, lb1, lb2)).containsExactly(lb1, lb2, web1);
    }

    @Test
    void nextBackendHearsFromEverybodyOnceTheFirstIsSuspectedToo() {
        assertThat(watched(web2, lb1, lb2, web1)).containsExactly(lb1, lb2, web1, web3);
        assertThat(heads(web3, lb1, lb2, web1)).containsExactly(lb1, lb2, web1, web2);
    }

    @Test
    void firstBackendHearsFromEverybodyWhereThereIsNoLoadBalancer() {
        List<Address> backends = List.of(web1, web2, web3);

        assertThat(HeartbeatPartners.watched(web1, backends, m -> false)).containsExactly(web2, web3);
        assertThat(HeartbeatPartners.watched(web3, backends, m -> false)).containsExactly(web1);
    }

    @Test
    void whoeverOneHearsFromIsSpokenToByItOrSpeaksToIt() {
        for (Address one : all) {
            for (Address other : watched(one)) {
                assertThat(heads(one).contains(other) || heads(other).contains(one))
                        .isTrue();
            }
        }
    }

    private List<Address> heads(Address self, Address... suspected) {
        return HeartbeatPartners.heads(self, all, Set.of(suspected)::contains);
    }

    private List<Address> watched(Address self, Address... suspected) {
        return HeartbeatPartners.watched(self, all, Set.of(suspected)::contains);
    }

    private static Address member(Role role) {
        return MemberAddress.create(
                UUID.randomUUID(), role, "m", new InetSocketAddress(InetAddress.getLoopbackAddress(), 9999));
    }
}
