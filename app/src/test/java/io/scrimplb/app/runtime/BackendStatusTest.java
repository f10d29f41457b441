package io.scrimplb.app.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.scrimplb.app.admin.AdminStatus;
import io.scrimplb.app.registry.MemberStatus;
import io.scrimplb.app.registry.Problem;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.MembershipStats;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendStatusTest {
    private static final Claims LIMITS = new Claims(List.of("*.example.com"), List.of(PortRange.of(443)));
    private static final Member SELF = member("self", Role.BACKEND);

    @Test
    void aBackendKnowsWhatItselfAndTheLoadBalancersMayOffer() {
        BackendStatus status = new BackendStatus(new BackendOffer(List.of(), null), true, LIMITS);

        AdminStatus shown =
                status.adminStatus(seeing(SELF, member("lb", Role.LOAD_BALANCER), member("other", Role.BACKEND)));

        assertThat(shown.secured()).isTrue();
        assertThat(shown.members())
                .extracting(MemberStatus::handle, MemberStatus::claims)
                .containsExactly(tuple("self", LIMITS), tuple("lb", Claims.UNLIMITED), tuple("other", null));
    }

    @Test
    void whatTroublesTheClusterIsShown() {
        BackendStatus status = new BackendStatus(new BackendOffer(List.of(), null), true, Claims.UNLIMITED);

        status.troubled("the seed 203.0.113.7:9999 belongs to a cluster with another secret");

        assertThat(status.adminStatus(seeing(SELF)).problems())
                .extracting(Problem::object, Problem::message)
                .containsExactly(
                        tuple("cluster", "the seed 203.0.113.7:9999 belongs to a cluster with another secret"));
    }

    private static Member member(String id, Role role) {
        return new Member(id, id, role, new InetSocketAddress("10.0.0.1", 9999));
    }

    private static Membership seeing(Member... members) {
        return new Membership() {
            @Override
            public void whenJoined(Runnable task) {
                task.run();
            }

            @Override
            public ClusterView view() {
                return new ClusterView(SELF, List.of(members), Set.of());
            }

            @Override
            public boolean joined() {
                return true;
            }

            @Override
            public void announce(Announcement announcement) {}

            @Override
            public void tell(String loadBalancerId, String topic, String content) {}

            @Override
            public MembershipStats stats() {
                return new MembershipStats(0, 0, 0, 0, 0, 0, 0);
            }

            @Override
            public void close() {}
        };
    }
}
