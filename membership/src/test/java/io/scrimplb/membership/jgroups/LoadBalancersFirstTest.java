package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.MemberAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jgroups.Address;
import org.junit.jupiter.api.Test;

class LoadBalancersFirstTest {
    private static final InetSocketAddress AT = new InetSocketAddress("10.0.0.7", 9999);

    @Test
    void viewsListLoadBalancersFirstAndKeepSeniority() {
        Address lb1 = MemberAddress.create(UUID.randomUUID(), Role.LOAD_BALANCER, "lb-1", AT);
        Address lb2 = MemberAddress.create(UUID.randomUUID(), Role.LOAD_BALANCER, "lb-2", AT);
        Address web1 = MemberAddress.create(UUID.randomUUID(), Role.BACKEND, "web-1", AT);
        Address web2 = MemberAddress.create(UUID.randomUUID(), Role.BACKEND, "web-2", AT);
        LoadBalancersFirst policy = new LoadBalancersFirst();

        assertThat(policy.getNewMembership(List.of(web1, web2), List.of(lb1), List.of(), List.of()))
                .containsExactly(lb1, web1, web2);
        assertThat(policy.getNewMembership(List.of(lb1, web1, web2), List.of(lb2), List.of(lb1), List.of()))
                .containsExactly(lb2, web1, web2);
        assertThat(policy.getNewMembership(new ArrayList<>(List.of(List.of(web1), List.of(lb2, web2)))))
                .startsWith(lb2)
                .containsExactlyInAnyOrder(lb2, web1, web2);
    }
}
