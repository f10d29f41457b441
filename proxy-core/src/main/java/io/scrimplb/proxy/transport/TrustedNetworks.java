package io.scrimplb.proxy.transport;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Networks whose word is believed, such as that of a proxy in front of this one. Immutable. */
public final class TrustedNetworks {
    public static final TrustedNetworks NONE = new TrustedNetworks(List.of());

    private record Network(byte[] address, int prefixBits) {}

    private final List<Network> networks;

    private TrustedNetworks(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * @param cidrs such as {@code 10.0.0.0/8}, {@code fd00::/8} or a single address
     * @throws IllegalArgumentException naming the first that is neither
     */
    public static TrustedNetworks parse(List<String> cidrs) {
        List<Network> parsed = new ArrayList<>();
        for (String cidr : cidrs) {
            parsed.add(parse(cidr));
        }
        return parsed.isEmpty() ? NONE : new TrustedNetworks(List.copyOf(parsed));
    }

    public boolean contains(InetAddress address) {
        if (networks.isEmpty()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        for (Network network : networks) {
            if (matches(network, bytes)) {
                return true;
            }
        }
        return false;
    }

    private static Network parse(String cidr) {
        int slash = cidr.indexOf('/');
        String literal = slash < 0 ? cidr : cidr.substring(0, slash);
        // Only literals: a name would be looked up, and trust must not hang on DNS.
        InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(literal);
        if (parsed == null) {
            throw new IllegalArgumentException("not a network in CIDR form: " + cidr);
        }
        byte[] address = parsed.getAddress();
        int bits = address.length * 8;
        if (slash >= 0) {
            String prefix = cidr.substring(slash + 1);
            bits = prefix.matches("[0-9]{1,3}") ? Integer.parseInt(prefix) : -1;
        }
        if (bits < 0 || bits > address.length * 8) {
            throw new IllegalArgumentException("prefix length out of range: " + cidr);
        }
        return new Network(address, bits);
    }

    private static boolean matches(Network network, byte[] address) {
        if (address.length != network.address.length) {
            return false;
        }
        int whole = network.prefixBits / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network.address[i]) {
                return false;
            }
        }
        int rest = network.prefixBits % 8;
        return rest == 0 || ((address[whole] ^ network.address[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }
}
