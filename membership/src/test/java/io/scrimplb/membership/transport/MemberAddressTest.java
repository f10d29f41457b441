package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;

class MemberAddressTest {
    private static final InetSocketAddress AT = new InetSocketAddress("10.1.2.3", 65_000);

    @Test
    void memberSurvivesTheWire() throws Exception {
        for (InetSocketAddress at : List.of(AT, new InetSocketAddress("fd00::7", 9999))) {
            ExtendedUUID address =
                    MemberAddress.create(java.util.UUID.randomUUID(), Role.LOAD_BALANCER, "wébserver", at);
            ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
            Util.writeAddress(address, out);

            Address read = Util.readAddress(new ByteArrayDataInputStream(out.buffer(), 0, out.position()));

            Member member = MemberAddress.decode(read).orElseThrow();
            assertThat(member).isEqualTo(new Member(MemberAddress.id(address), "wébserver", Role.LOAD_BALANCER, at));
            assertThat(MemberAddress.isLoadBalancer(read)).isTrue();
            assertThat(out.position()).isLessThan(80);
        }
    }

    @Test
    void nameIsCutAndCannotBreakALogLine() {
        Member member = MemberAddress.decode(
                        MemberAddress.create(java.util.UUID.randomUUID(), Role.BACKEND, "a\nb" + "é".repeat(100), AT))
                .orElseThrow();

        assertThat(member.name()).startsWith("a?bé");
        assertThat(member.name().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(MemberAddress.NAME_BYTES);
    }

    @Test
    void loadBalancersSortBeforeBackends() {
        for (int i = 0; i < 100; i++) {
            assertThat(MemberAddress.create(java.util.UUID.randomUUID(), Role.LOAD_BALANCER, "lb", AT)
                            .compareTo((Address)
                                    MemberAddress.create(java.util.UUID.randomUUID(), Role.BACKEND, "web", AT)))
                    .isNegative();
        }
    }

    @Test
    void foreignAddressesAreNobody() {
        assertThat(MemberAddress.decode(UUID.randomUUID())).isEmpty();
        assertThat(MemberAddress.decode(ExtendedUUID.randomUUID())).isEmpty();
        for (byte[] value : List.of(
                new byte[0],
                new byte[8],
                new byte[] {1, 0, 1, 4, 1, 2, 3},
                new byte[] {3, 0, 1, 4, 1, 2, 3, 4},
                new byte[] {1, 0, 0, 4, 1, 2, 3, 4},
                new byte[] {1, 0, 1, 16, 1, 2, 3, 4},
                new byte[] {1, 0, 1, -1, 1, 2, 3, 4})) {
            ExtendedUUID address = ExtendedUUID.randomUUID();
            address.put(new byte[] {'m'}, value);
            assertThat(MemberAddress.decode(address)).isEmpty();
        }
    }
}
