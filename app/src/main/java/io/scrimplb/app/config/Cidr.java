package io.scrimplb.app.config;

import java.net.InetAddress;

/**
 * A network, such as {@code 10.0.0.0/8}.
 *
 * @param network its address; bits beyond the prefix are zero
 * @param prefixLength bits that count: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(InetAddress network, int prefixLength) {
    /** Whether the address lies in this network; never for an address of the other family. */
    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit += 8) {
            int mask = prefixLength - bit >= 8 ? 0xff : 0xff << (8 - (prefixLength - bit)) & 0xff;
            if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefixLength;
    }
}
