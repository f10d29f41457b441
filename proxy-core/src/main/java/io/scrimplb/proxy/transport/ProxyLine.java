package io.scrimplb.proxy.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The line of PROXY protocol version 1, read as strictly as its description (2.1) is written. */
final class ProxyLine {
    private static final String UNKNOWN = ProxyHeader.V1_PREFIX + "UNKNOWN";
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final int IPV6_BYTES = 16;
    private static final int MAX_PORT = 65_535;

    private ProxyLine() {}

    /**
     * @param line without its end
     * @return null when it is not valid
     */
    static @Nullable ProxyHeader parse(String line) {
        if (line.equals(UNKNOWN) || line.startsWith(UNKNOWN + ' ')) {
            // "The receiver must ignore anything presented before the CRLF."
            return ProxyHeader.UNKNOWN;
        }
        String[] words = line.split(" ", -1);
        if (words.length != 6) {
            return null;
        }
        boolean four = words[1].equals("TCP4");
        if (!four && !words[1].equals("TCP6")) {
            return null;
        }
        InetSocketAddress client = address(four, words[2], words[4]);
        InetSocketAddress destination = address(four, words[3], words[5]);
        return client == null || destination == null ? null : new ProxyHeader(client, destination, true);
    }

    private static @Nullable InetSocketAddress address(boolean four, String host, String port) {
        byte[] bytes = four ? four(host) : six(host);
        int number = decimal(port, MAX_PORT);
        if (bytes == null || number < 0) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), number);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }

    private static byte @Nullable [] four(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int part = decimal(parts[i], 255);
            if (part < 0) {
                return null;
            }
            bytes[i] = (byte) part;
        }
        return bytes;
    }

    /** Groups of hexadecimal digits; also with an IPv4 address in place of the last two, as {@code inet_ntop} writes some. */
    private static byte @Nullable [] six(String host) {
        int gap = host.indexOf("::");
        ByteBuffer bytes = ByteBuffer.allocate(IPV6_BYTES);
        if (gap < 0) {
            return groups(host, true, bytes) && !bytes.hasRemaining() ? bytes.array() : null;
        }
        ByteBuffer tail = ByteBuffer.allocate(IPV6_BYTES);
        String behind = host.substring(gap + 2);
        boolean valid = (gap == 0 || groups(host.substring(0, gap), false, bytes))
                && (behind.isEmpty() || groups(behind, true, tail));
        // The gap stands for one group of zeroes at least.
        if (!valid || bytes.position() + tail.position() > IPV6_BYTES - 2) {
            return null;
        }
        return bytes.position(IPV6_BYTES - tail.position()).put(tail.flip()).array();
    }

    private static boolean groups(String text, boolean last, ByteBuffer out) {
        String[] groups = text.split(":", -1);
        for (int i = 0; i < groups.length; i++) {
            String group = groups[i];
            byte[] four = last && i == groups.length - 1 && group.indexOf('.') >= 0 ? four(group) : null;
            if (four != null && out.remaining() >= four.length) {
                out.put(four);
            } else if (HEXADECIMAL.matcher(group).matches() && out.hasRemaining()) {
                out.putShort((short) Integer.parseInt(group, 16));
            } else {
                return false;
            }
        }
        return true;
    }

    /** A number without a sign or leading zeroes; -1 when it is none or too large. */
    private static int decimal(String digits, int most) {
        if (digits.isEmpty() || digits.length() > 5 || digits.length() > 1 && digits.charAt(0) == '0') {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return number <= most ? number : -1;
    }
}
