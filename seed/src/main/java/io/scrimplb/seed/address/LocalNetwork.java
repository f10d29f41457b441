package io.scrimplb.seed.address;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The addresses of this machine's interfaces, and which of them the default route would send from. */
final class LocalNetwork {
    /** Documentation addresses: never on a local network, so they take the default route. No packet is sent. */
    private static final String FAR_IPV4 = "192.0.2.1";

    private static final String FAR_IPV6 = "2001:db8::1";
    private static final int DISCARD_PORT = 9;
    /** Names that container engines and hypervisors give to what connects their guests. */
    private static final List<String> VIRTUAL_PREFIXES =
            List.of("docker", "br-", "veth", "virbr", "cni", "flannel", "podman");

    InetAddress auto() throws AddressException {
        return defaultRoute(StandardProtocolFamily.INET)
                .or(() -> defaultRoute(StandardProtocolFamily.INET6).filter(LocalNetwork::publishable))
                .or(() -> first(all(), LocalNetwork::publishable))
                .orElseGet(InetAddress::getLoopbackAddress);
    }

    InetAddress ipv4() throws AddressException {
        return defaultRoute(StandardProtocolFamily.INET)
                .or(() -> first(all(), address -> address instanceof Inet4Address && publishable(address)))
                .orElseThrow(() -> new AddressException(
                        "resolver ipv4: this machine has no IPv4 address but loopback; use ipv6 or static:ADDR"));
    }

    InetAddress ipv6() throws AddressException {
        Optional<InetAddress> routed =
                defaultRoute(StandardProtocolFamily.INET6).filter(LocalNetwork::globalIpv6);
        return routed.or(() -> bestIpv6(all()))
                .orElseThrow(
                        () -> new AddressException(
                                "resolver ipv6: this machine has no global or unique local IPv6 address; use ipv4 or static:ADDR"));
    }

    InetAddress ofInterface(String name) throws AddressException {
        try {
            NetworkInterface found = NetworkInterface.getByName(name);
            if (found == null) {
                throw new AddressException("resolver interface:" + name + ": there is no such interface; there are "
                        + String.join(", ", names()));
            }
            List<InetAddress> addresses = addressesOf(found);
            return first(addresses, address -> address instanceof Inet4Address)
                    .or(() -> bestIpv6(addresses))
                    .or(() -> first(addresses, address -> !address.isLinkLocalAddress()))
                    .orElseThrow(() ->
                            new AddressException("resolver interface:" + name + ": the interface has no address now"));
        } catch (SocketException e) {
            throw new AddressException("resolver interface:" + name + ": " + e.getMessage(), e);
        }
    }

    /** The address that the kernel would send from, if there is a default route of this family. */
    static Optional<InetAddress> defaultRoute(StandardProtocolFamily family) {
        String far = family == StandardProtocolFamily.INET ? FAR_IPV4 : FAR_IPV6;
        try (DatagramChannel channel = DatagramChannel.open(family)) {
            channel.connect(new InetSocketAddress(InetAddress.getByName(far), DISCARD_PORT));
            return channel.getLocalAddress() instanceof InetSocketAddress local
                            && !local.getAddress().isAnyLocalAddress()
                            && !local.getAddress().isLoopbackAddress()
                    ? Optional.of(withoutScope(local.getAddress()))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /**
     * Every address of every interface that is up, in the kernel's order but for those of bridges and links between
     * containers on this very machine, which come last.
     */
    static List<InetAddress> all() {
        Map<String, List<InetAddress>> byInterface = new LinkedHashMap<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp()) {
                    byInterface.put(each.getName(), addressesOf(each));
                }
            }
        } catch (SocketException e) {
            // No interfaces to look at: the caller says what is missing.
        }
        return virtualLast(byInterface);
    }

    /** Stable: the kernel's order stays within each kind. */
    static List<InetAddress> virtualLast(Map<String, List<InetAddress>> byInterface) {
        return byInterface.entrySet().stream()
                .sorted(Comparator.comparing(entry -> isVirtual(entry.getKey())))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    /** Such as {@code docker0}, whose 172.17.0.1 every host with Docker has, and which no other host reaches. */
    private static boolean isVirtual(String interfaceName) {
        return VIRTUAL_PREFIXES.stream().anyMatch(interfaceName::startsWith);
    }

    static Optional<InetAddress> bestIpv6(List<InetAddress> addresses) {
        return first(addresses, LocalNetwork::globalIpv6)
                .or(() -> first(addresses, address -> address instanceof Inet6Address && publishable(address)));
    }

    static Optional<InetAddress> first(List<InetAddress> addresses, Predicate<InetAddress> wanted) {
        return addresses.stream().filter(wanted).findFirst();
    }

    private static boolean globalIpv6(InetAddress address) {
        return address instanceof Inet6Address && publishable(address) && !PrivateAddresses.isPrivate(address);
    }

    /** Link-local addresses mean nothing on another link, so nobody could join by them. */
    private static boolean publishable(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress();
    }

    private static List<InetAddress> addressesOf(NetworkInterface networkInterface) {
        return networkInterface.inetAddresses().map(LocalNetwork::withoutScope).toList();
    }

    private static List<String> names() throws SocketException {
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .map(NetworkInterface::getName)
                .sorted()
                .toList();
    }

    /** A scope such as {@code %eth0} is this machine's own business; a link-local address is nothing without it. */
    private static InetAddress withoutScope(InetAddress address) {
        if (address.isLinkLocalAddress()) {
            return address;
        }
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of a wrong length", e);
        }
    }
}
