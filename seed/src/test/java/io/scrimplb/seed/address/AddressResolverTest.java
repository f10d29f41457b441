package io.scrimplb.seed.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.seed.IpLiteral;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class AddressResolverTest {
    private static InetAddress ip(String literal) {
        return IpLiteral.parse(literal).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"static:203.0.113.7,203.0.113.7", "STATIC:[fd00::1],fd00::1", "dummy,127.0.0.1", "Dummy,127.0.0.1"})
    void fixedAddressesAreTakenAsTheyAre(String text, String expected) throws Exception {
        assertThat(AddressResolver.parse(text).resolve()).isEqualTo(ip(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ipv5", "interface", "interface:", "auto:x", "dns"})
    void anUnknownResolverListsTheKnownOnes(String text) {
        assertThatThrownBy(() -> AddressResolver.parse(text))
                .isInstanceOf(AddressException.class)
                .hasMessage("unknown resolver '" + text + "': use one of " + AddressResolver.FORMS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"static:name.example.com", "static:1.2.3", "static:300.1.1.1", "static:::g"})
    void aStaticNameIsRefused(String text) {
        assertThatThrownBy(() -> AddressResolver.parse(text)).hasMessageContaining("needs an IPv4 or IPv6 address");
    }

    @Test
    void autoIsAnAddressOfThisMachine() throws Exception {
        InetAddress found = AddressResolver.parse("auto").resolve();
        assertThat(NetworkInterface.getByInetAddress(found)).isNotNull();
        assertThat(found.isAnyLocalAddress() || found.isMulticastAddress()).isFalse();
    }

    @Test
    void anInterfaceHasItsOwnAddress() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(ip("127.0.0.1"));
        assertThat(AddressResolver.parse("Interface:" + loopback.getName())
                        .resolve()
                        .isLoopbackAddress())
                .isTrue();
    }

    @Test
    void aMissingInterfaceListsThoseThereAre() throws Exception {
        String loopback = NetworkInterface.getByInetAddress(ip("127.0.0.1")).getName();
        assertThatThrownBy(() -> AddressResolver.parse("interface:nope0").resolve())
                .isInstanceOf(AddressException.class)
                .hasMessageContaining("no such interface; there are")
                .hasMessageContaining(loopback);
    }

    @Test
    void globalIpv6ComesBeforeUniqueLocalAndLinkLocalNever() {
        List<InetAddress> all = Stream.of("10.0.0.1", "fe80::1", "fd00::1", "2001:db8::1")
                .map(AddressResolverTest::ip)
                .toList();
        assertThat(LocalNetwork.bestIpv6(all)).contains(ip("2001:db8::1"));
        assertThat(LocalNetwork.bestIpv6(all.subList(0, 3))).contains(ip("fd00::1"));
        assertThat(LocalNetwork.bestIpv6(all.subList(0, 2))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true",
        "10.1.2.3,true",
        "172.16.0.1,true",
        "172.32.0.1,false",
        "192.168.1.1,true",
        "100.64.0.1,true",
        "100.127.255.255,true",
        "100.128.0.1,false",
        "169.254.1.1,true",
        "8.8.8.8,false",
        "0.0.0.0,false",
        "::1,true",
        "::,false",
        "fe80::1,true",
        "fd00::1,true",
        "fc00::1,true",
        "2001:db8::1,false"
    })
    void strangersCannotReachPrivateAddresses(String address, boolean expected) {
        assertThat(PrivateAddresses.isPrivate(ip(address))).isEqualTo(expected);
    }

    @Test
    void theDefaultBindAddressIsPrivate() {
        assertThat(PrivateAddresses.isPrivate(PrivateAddresses.firstPrivate())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker0", "br-1a2b", "veth12", "virbr0", "cni0", "flannel.1", "podman1"})
    void addressesOfVirtualBridgesComeLast(String bridge) {
        Map<String, List<InetAddress>> interfaces = new LinkedHashMap<>();
        interfaces.put(bridge, List.of(ip("172.17.0.1")));
        interfaces.put("eth1", List.of(ip("10.0.0.7"), ip("fd00::7")));
        interfaces.put("wg0", List.of(ip("10.8.0.2")));
        assertThat(LocalNetwork.virtualLast(interfaces))
                .containsExactly(ip("10.0.0.7"), ip("fd00::7"), ip("10.8.0.2"), ip("172.17.0.1"));
    }

    @Test
    void ec2PrefersThePublicAddress() throws Exception {
        try (MetadataService service = new MetadataService()) {
            AddressResolver ec2 = AddressResolver.parse("EC2", service.environment());
            service.values.put("ipv6", "2001:db8::7");
            assertThat(ec2.resolve()).isEqualTo(ip("2001:db8::7"));
            service.values.put("local-ipv4", "10.0.0.7");
            assertThat(ec2.resolve()).isEqualTo(ip("10.0.0.7"));
            service.values.put("public-ipv4", "203.0.113.7\n");
            assertThat(ec2.resolve()).isEqualTo(ip("203.0.113.7"));
        }
    }

    @Test
    void outsideEc2TheLineSaysWhatToUseInstead() throws Exception {
        MetadataService gone = new MetadataService();
        gone.close();
        assertThatThrownBy(
                        () -> AddressResolver.parse("ec2", gone.environment()).resolve())
                .isInstanceOf(AddressException.class)
                .hasMessage("resolver ec2: instance metadata at " + gone.http.url()
                        + ": connection refused or unreachable; outside EC2 use resolver auto or static:ADDR");
        assertThatThrownBy(() -> AddressResolver.parse("ec2", Map.of("AWS_EC2_METADATA_DISABLED", "true")::get)
                        .resolve())
                .hasMessageContaining("AWS_EC2_METADATA_DISABLED");
    }
}
