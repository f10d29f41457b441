package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A listener and a client of IPv6; skipped on a machine without it. */
@Timeout(60)
class Ipv6Test {
    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private static InetAddress loopback() throws IOException {
        InetAddress address = Inet6Address.getByName("::1");
        try (ServerSocket probe = new ServerSocket(0, 1, address)) {
            return probe.getInetAddress();
        } catch (IOException absent) {
            Assumptions.abort("this machine has no IPv6 loopback: " + absent.getMessage());
            throw absent;
        }
    }

    @EveryTransport
    void aClientOfIpv6IsServedAndToldToTheOriginByItsAddress(io.scrimplb.proxy.ProxyOptions.Transport transport)
            throws Exception {
        InetAddress six = loopback();
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.on(transport)
                .start(SpecBuilder.bare()
                        .http("six", new InetSocketAddress(six, 0))
                        .upstream("app", origin.address())
                        .route("six", "*", "/", "app")
                        .trusted("2001:db8::/32"));
        int port = proxy.address("six").getPort();

        try (RawClient client = RawClient.connect(new InetSocketAddress(six, port))) {
            assertThat(client.get("[::1]:" + port, "/").status()).isEqualTo(200);
        }

        MessageHead head = origin.next().head();
        assertThat(InetAddress.getByName(head.value("X-Forwarded-For"))).isEqualTo(six);
        assertThat(head.value("X-Forwarded-For")).doesNotContain("[").doesNotContain("%");
        assertThat(head.value("X-Forwarded-Host")).isEqualTo("[::1]:" + port);
        assertThat(head.value("X-Forwarded-Port")).isEqualTo(Integer.toString(port));
    }
}
