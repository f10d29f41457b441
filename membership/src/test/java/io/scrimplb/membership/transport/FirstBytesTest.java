package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstBytesTest {
    private static MemberNetwork network(boolean secured) throws Exception {
        return MemberNetwork.open(
                new MembershipSpec("test", Role.LOAD_BALANCER, "lb", InetAddress.getLoopbackAddress(), 0, 0, null, 0),
                secured ? Credentials.of(ClusterSecret.generate(), null) : null,
                Versions.OWN);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesThatNeitherAMemberNorTlsBeginsWithCloseAtOnce(boolean secured) throws Exception {
        try (MemberNetwork network = network(secured)) {
            for (int first : new int[] {1, 20, 23, 'G', 'S', 0x80, 0xff}) {
                try (RawPeer peer = RawPeer.plain(network.reachedAt())) {
                    peer.bytes((byte) first);
                    assertThat(peer.closes(3_000)).as("first byte " + first).isTrue();
                    assertThat(peer.next(0)).isNull();
                }
            }
            assertThat(network.refusedConnections()).isEqualTo(7);
        }
    }

    @Test
    void tlsWhereNoneIsSpokenIsToldSo() throws Exception {
        try (MemberNetwork network = network(false);
                RawPeer peer = RawPeer.plain(network.reachedAt())) {
            peer.bytes((byte) 22, (byte) 3, (byte) 1);
            assertThat(peer.refusal()).isEqualTo("no-secret");
            assertThat(peer.closes(3_000)).isTrue();
        }
    }

    @Test
    void plainFrameWhereTlsIsSpokenIsToldSo() throws Exception {
        try (MemberNetwork network = network(true);
                RawPeer peer = RawPeer.plain(network.reachedAt())) {
            peer.bytes((byte) 0);
            assertThat(peer.refusal()).isEqualTo("secret-wanted");
            assertThat(peer.closes(3_000)).isTrue();
        }
    }

    @Test
    void handshakeThatIsLongerThanAnyIsCutOff() throws Exception {
        try (MemberNetwork network = network(true);
                RawPeer peer = RawPeer.plain(network.reachedAt())) {
            byte[] record = new byte[16_389];
            System.arraycopy(new byte[] {22, 3, 1, 0x40, 0, 1, 0x0f, 0, 0}, 0, record, 0, 9);
            for (int i = 0; i < 3; i++) {
                peer.bytes(record);
            }
            assertThat(peer.closes(3_000)).isTrue();
            assertThat(network.refusedConnections()).isEqualTo(1);
        }
    }

    @Test
    void oneByteAtATimeIsTheSame() throws Exception {
        try (MemberNetwork network = network(false);
                RawPeer peer = RawPeer.plain(network.reachedAt())) {
            byte[] hello = new ControlCodec()
                    .encode(new Control.Hello(
                            Versions.OWN,
                            "other",
                            new Control.Self(
                                    MemberAddress.id(new java.util.UUID(1, 2), Role.BACKEND),
                                    Role.BACKEND,
                                    "web-1",
                                    network.reachedAt())));
            peer.bytes((byte) 0, (byte) 0, (byte) (hello.length + 1 >> 8), (byte) (hello.length + 1), (byte) 1);
            for (byte one : hello) {
                peer.bytes(one);
                peer.flushed();
            }
            assertThat(peer.refusal()).isEqualTo("other-cluster");
        }
    }
}
