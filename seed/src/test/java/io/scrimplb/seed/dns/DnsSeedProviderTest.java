package io.scrimplb.seed.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DnsSeedProviderTest {
    private static List<String> seeds(Map<String, List<byte[]>> records, String name) throws Exception {
        try (DnsResponder responder = new DnsResponder(records)) {
            return new DnsSeedProvider(name, 9998, DnsLookup.of(responder.server(), Duration.ofSeconds(2)))
                    .seeds().stream().map(Seed::hostPort).toList();
        }
    }

    @Test
    void serviceRecordsComeByPriorityAndWeight() throws Exception {
        Map<String, List<byte[]>> records = Map.of(
                "_scrimp._tcp.lb.test " + DnsResponder.SRV,
                List.of(
                        DnsResponder.service(20, 0, 1111, "c.lb.test"),
                        DnsResponder.service(10, 1, 2222, "b.lb.test"),
                        DnsResponder.service(10, 9, 3333, "a.lb.test")));
        assertThat(seeds(records, "lb.test")).containsExactly("a.lb.test:3333", "b.lb.test:2222", "c.lb.test:1111");
        assertThat(seeds(records, "_scrimp._tcp.lb.test")).hasSize(3);
    }

    @Test
    void withoutServiceRecordsEveryAddressIsASeed() throws Exception {
        Map<String, List<byte[]>> records = Map.of(
                "lb.test " + DnsResponder.A,
                List.of(DnsResponder.address("10.0.0.2"), DnsResponder.address("10.0.0.1")),
                "lb.test " + DnsResponder.AAAA,
                List.of(DnsResponder.address("fd00::1")));
        assertThat(seeds(records, "lb.test")).containsExactly("10.0.0.1:9998", "10.0.0.2:9998", "[fd00::1]:9998");
    }

    @Test
    void anUnknownNameHasNoSeeds() throws Exception {
        assertThat(seeds(Map.of(), "lb.test")).isEmpty();
        assertThat(seeds(Map.of(), "_x._tcp.lb.test")).isEmpty();
    }

    @Test
    void theSystemKnowsWhatNoNameServerKnows() {
        assertThat(DnsLookup.system().systemAddresses("localhost")).contains("127.0.0.1");
    }

    @Test
    void aSilentNameServerIsOneLineAfterABoundedTime() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            DnsLookup lookup = DnsLookup.of("127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(50));
            assertThatThrownBy(() -> new DnsSeedProvider("lb.test", 1, lookup).seeds())
                    .isInstanceOf(SeedException.class)
                    .hasMessageStartingWith("DNS name lb.test: no name server answered")
                    .message()
                    .doesNotContain("\n");
        }
    }
}
