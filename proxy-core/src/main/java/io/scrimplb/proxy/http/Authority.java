package io.scrimplb.proxy.http;

/**
 * What may stand in a {@code host[:port]} (RFC 3986, 3.2.2 and 3.2.3), and nothing else: an application may take it into links,
 * look-ups and cache keys without looking. Names hold letters, digits and {@code - . _ ~}, with no empty label but the one
 * behind a trailing dot (RFC 1034, 3.1); percent-encoding, user information and zones of IPv6 addresses are refused.
 */
public final class Authority {
    private static final int MAX_PORT = 65535;
    private static final int MAX_PORT_DIGITS = 5;
    private static final int IPV6_GROUPS = 8;

    private Authority() {}

    /** Index behind the host that begins at {@code from}, or -1 when there is none. */
    public static int hostEnd(byte[] b, int from, int to) {
        if (from == to) {
            return -1;
        }
        return b[from] == '[' ? literalEnd(b, from, to) : nameEnd(b, from, to);
    }

    /** Whether what stands behind a host is nothing, or a colon and a port, which may be empty. */
    public static boolean isPort(byte[] b, int from, int to) {
        if (from == to) {
            return true;
        }
        if (b[from] != ':' || to - from > 1 + MAX_PORT_DIGITS) {
            return false;
        }
        int port = 0;
        for (int i = from + 1; i < to; i++) {
            if (!Ascii.isDigit(b[i])) {
                return false;
            }
            port = port * 10 + (b[i] - '0');
        }
        return port <= MAX_PORT;
    }

    private static int nameEnd(byte[] b, int from, int to) {
        byte before = '.';
        int at = from;
        while (at < to && Ascii.isHost(b[at])) {
            if (b[at] == '.' && before == '.') {
                return -1;
            }
            before = b[at++];
        }
        return at == from ? -1 : at;
    }

    private static int literalEnd(byte[] b, int from, int to) {
        int close = from + 1;
        while (close < to && b[close] != ']') {
            close++;
        }
        return close < to && isIpv6(b, from + 1, close) ? close + 1 : -1;
    }

    /** The text form of RFC 4291, 2.2. */
    private static boolean isIpv6(byte[] b, int from, int to) {
        int groups = 0;
        boolean gap = false;
        int at = from;
        if (to - from >= 2 && b[from] == ':' && b[from + 1] == ':') {
            gap = true;
            at += 2;
        }
        while (at < to || groups == 0 && !gap) {
            int start = at;
            while (at < to && Ascii.hex(b[at]) >= 0) {
                at++;
            }
            if (at < to && b[at] == '.') {
                groups += 2;
                return isIpv4(b, start, to) && (gap ? groups < IPV6_GROUPS : groups == IPV6_GROUPS);
            }
            if (at == start || at - start > 4) {
                return false;
            }
            groups++;
            if (at == to) {
                break;
            }
            if (b[at++] != ':' || at == to) {
                return false;
            }
            if (b[at] == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                at++;
            }
        }
        return gap ? groups < IPV6_GROUPS : groups == IPV6_GROUPS;
    }

    private static boolean isIpv4(byte[] b, int from, int to) {
        int octets = 0;
        int at = from;
        while (true) {
            int start = at;
            int octet = 0;
            while (at < to && at - start < 3 && Ascii.isDigit(b[at])) {
                octet = octet * 10 + (b[at++] - '0');
            }
            if (at == start || octet > 255) {
                return false;
            }
            octets++;
            if (at == to) {
                return octets == 4;
            }
            if (b[at++] != '.') {
                return false;
            }
        }
    }
}
