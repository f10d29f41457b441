package io.scrimplb.proxy.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.spec.ProxyProtocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A header of HAProxy's PROXY protocol, with which a proxy tells at the beginning of a connection for whom it connects
 * (haproxy.org, "The PROXY protocol, versions 1 and 2", 2020/03/05).
 *
 * @param client whose connection it is; null when that is not told
 * @param destination where the client connected to; null as the client is
 * @param relayed whether the connection is made for another one; false for one of the sender's own (LOCAL), whose addresses
 *     are those of its socket
 */
public record ProxyHeader(
        @Nullable InetSocketAddress client, @Nullable InetSocketAddress destination, boolean relayed) {
    /** The sender speaks for itself, as a health check does. */
    static final ProxyHeader LOCAL = new ProxyHeader(null, null, false);

    /** The sender relays, and does not know or cannot say for whom. */
    static final ProxyHeader UNKNOWN = new ProxyHeader(null, null, true);

    /** What version 1 begins with. */
    static final String V1_PREFIX = "PROXY ";

    /** What version 2 begins with. */
    static final String V2_SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

    /** Signature, version and command, family and protocol, and the length of what follows. */
    static final int V2_FIXED_BYTES = 16;

    /** Version 2, command PROXY. */
    static final int V2_PROXY = 0x21;

    static final int TCP_OVER_IPV4 = 0x11;
    static final int TCP_OVER_IPV6 = 0x21;

    /** Two addresses and two ports. */
    static final int IPV4_BYTES = 2 * 4 + 2 * 2;

    static final int IPV6_BYTES = 2 * 16 + 2 * 2;

    private static final int MAPPED_PREFIX_BYTES = 12;

    /**
     * The header that tells an endpoint of a client.
     *
     * @param version V1 or V2
     */
    public static byte[] encode(ProxyProtocol version, ClientAddresses addresses) {
        InetAddress client = inet(addresses.client());
        InetAddress local = inet(addresses.local());
        // A peer that relays for somebody it does not tell is not told for that one either.
        if (client == null || local == null || addresses.anonymous()) {
            return version == ProxyProtocol.V1
                    ? "PROXY UNKNOWN\r\n".getBytes(US_ASCII)
                    : block(0, ByteBuffer.allocate(0));
        }
        boolean four = client instanceof Inet4Address && local instanceof Inet4Address;
        int clientPort = port(addresses.client());
        int localPort = port(addresses.local());
        if (version == ProxyProtocol.V1) {
            String line = V1_PREFIX + (four ? "TCP4 " : "TCP6 ") + text(client, four) + ' ' + text(local, four) + ' '
                    + clientPort + ' ' + localPort + "\r\n";
            return line.getBytes(US_ASCII);
        }
        ByteBuffer told = ByteBuffer.allocate(four ? IPV4_BYTES : IPV6_BYTES)
                .put(bytes(client, four))
                .put(bytes(local, four))
                .putShort((short) clientPort)
                .putShort((short) localPort);
        return block(four ? TCP_OVER_IPV4 : TCP_OVER_IPV6, told);
    }

    private static byte[] block(int familyAndProtocol, ByteBuffer told) {
        return ByteBuffer.allocate(V2_FIXED_BYTES + told.capacity())
                .put(V2_SIGNATURE.getBytes(US_ASCII))
                .put((byte) V2_PROXY)
                .put((byte) familyAndProtocol)
                .putShort((short) told.capacity())
                .put(told.array())
                .array();
    }

    private static String text(InetAddress address, boolean four) {
        if (four) {
            return address.getHostAddress();
        }
        ByteBuffer bytes = ByteBuffer.wrap(bytes(address, false));
        StringBuilder text = new StringBuilder();
        while (bytes.hasRemaining()) {
            text.append(text.isEmpty() ? "" : ":").append(Integer.toHexString(bytes.getShort() & 0xffff));
        }
        return text.toString();
    }

    /** An IPv4 address beside an IPv6 one is written as the IPv6 address that stands for it (RFC 4291, 2.5.5.2). */
    private static byte[] bytes(InetAddress address, boolean four) {
        byte[] bytes = address.getAddress();
        if (four || bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[MAPPED_PREFIX_BYTES - 2] = (byte) 0xff;
        mapped[MAPPED_PREFIX_BYTES - 1] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, MAPPED_PREFIX_BYTES, bytes.length);
        return mapped;
    }

    private static @Nullable InetAddress inet(@Nullable InetSocketAddress address) {
        return address == null ? null : address.getAddress();
    }

    private static int port(@Nullable InetSocketAddress address) {
        return address == null ? 0 : address.getPort();
    }
}
