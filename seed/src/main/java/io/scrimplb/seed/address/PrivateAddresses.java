package io.scrimplb.seed.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;

/** Which addresses strangers cannot reach, by the address alone. */
public final class PrivateAddresses {
    private PrivateAddresses() {}

    /**
     * Whether the address is loopback, private (RFC 1918), shared (100.64.0.0/10, RFC 6598), link-local or unique local
     * (fc00::/7, RFC 4193). The wildcard address is not.
     */
    public static boolean isPrivate(InetAddress address) {
        if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            boolean shared = (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
            return address.isSiteLocalAddress() || shared;
        }
        return (bytes[0] & 0xfe) == 0xfc;
    }

    /**
     * What is bound when nobody says otherwise and there is no secret: the default route's own address if it is private,
     * else the first private address of the machine, those of virtual bridges last, else loopback.
     */
    public static InetAddress firstPrivate() {
        return LocalNetwork.defaultRoute(StandardProtocolFamily.INET)
                .filter(PrivateAddresses::isPrivate)
                .or(() -> LocalNetwork.first(
                        LocalNetwork.all(),
                        address -> isPrivate(address) && !address.isLoopbackAddress() && !address.isLinkLocalAddress()))
                .orElseGet(InetAddress::getLoopbackAddress);
    }
}
