package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipException.Reason;
import io.scrimplb.membership.Role;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindTest extends ClusterTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "fec0::1"})
    void publicAddressIsRefused(String address) throws Exception {
        InetAddress bind = InetAddress.getByName(address);

        assertThatThrownBy(() -> start(spec("test", Role.LOAD_BALANCER, "lb", bind, 0, 0)))
                .asInstanceOf(type(MembershipException.class))
                .satisfies(e -> {
                    assertThat(e.reason()).isEqualTo(Reason.ADDRESS_REFUSED);
                    assertThat(e.getMessage())
                            .contains("needs a cluster-secret ('secret' prints a new one)")
                            .doesNotContain("\n");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1.2.3",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "::1",
                "fd00::1",
                "fe80::1"
            })
    void loopbackAndPrivateAddressesMayBeBound(String address) throws Exception {
        BindRules.check(InetAddress.getByName(address), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "8.8.8.8", "2001:db8::1", "127.0.0.1"})
    void withASecretAnyAddressMayBeBound(String address) throws Exception {
        BindRules.check(InetAddress.getByName(address), true);
    }

    @Test
    void addressOfAnotherMachineIsRefused() throws Exception {
        InetAddress elsewhere = InetAddress.getByName("10.255.254.253");

        assertThatThrownBy(() -> start(spec("test", Role.BACKEND, "web-1", elsewhere, 0, 0)))
                .hasMessageContaining("not an address of this machine");
    }

    @Test
    void loadBalancerWithATakenPortFails() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> start(spec("test", Role.LOAD_BALANCER, "lb", LOOPBACK, port, 0)))
                    .asInstanceOf(type(MembershipException.class))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(MembershipException.Reason.PORT_TAKEN))
                    .satisfies(e -> assertThat(e.getMessage()).contains("port " + port));
        }
    }

    @Test
    void backendWithATakenPortUsesAnother() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int port = taken.getLocalPort();

            Node backend;
            CapturedLog log = new CapturedLog();
            try (log) {
                backend = start(spec("test", Role.BACKEND, "web-1", LOOPBACK, port, 20));
            }

            int used = backend.membership().view().self().address().getPort();
            assertThat(used).isBetween(port + 1, port + 20);
            assertThat(log.lines("cluster port " + port + " is taken; using " + used))
                    .hasSize(1);
        }
    }

    @Test
    void loadBalancerHasNothingToAnnounce() throws Exception {
        Node lb = loadBalancer("lb");

        assertThatThrownBy(() -> lb.membership().announce(announcement(1, "blog")))
                .isInstanceOf(IllegalStateException.class);
    }
}
