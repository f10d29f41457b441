package io.scrimplb.proxy.h1;

/** Tells an IPv6 address from something else in brackets (RFC 3986, 3.2.2), without making anything of it. */
final class Ipv6Literal {
    private static final int GROUPS = 8;

    private Ipv6Literal() {}

    /** Whether a span, its brackets left out, is an IPv6 address; a zone is none of it. */
    static boolean is(byte[] b, int from, int to) {
        int groups = 0;
        boolean gap = false;
        int at = from;
        if (to - from >= 2 && b[at] == ':' && b[at + 1] == ':') {
            gap = true;
            at += 2;
        }
        while (!(gap && at == to)) {
            int group = at;
            while (at < to && Character.digit(b[at], 16) >= 0) {
                at++;
            }
            if (at < to && b[at] == '.') {
                return isIpv4(b, group, to) && complete(groups + 2, gap);
            }
            if (at == group || at - group > 4) {
                return false;
            }
            groups++;
            if (at == to) {
                break;
            }
            if (b[at++] != ':') {
                return false;
            }
            if (at < to && b[at] == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                at++;
            } else if (at == to) {
                return false;
            }
        }
        return complete(groups, gap);
    }

    /** A gap stands for one group at least. */
    private static boolean complete(int groups, boolean gap) {
        return gap ? groups < GROUPS : groups == GROUPS;
    }

    private static boolean isIpv4(byte[] b, int from, int to) {
        int at = from;
        for (int octet = 0; octet < 4; octet++) {
            int start = at;
            int value = 0;
            while (at < to && at - start < 3 && Ascii.isDigit(b[at])) {
                value = value * 10 + (b[at++] - '0');
            }
            if (at == start || value > 255 || (at - start > 1 && b[start] == '0')) {
                return false;
            }
            if (octet < 3 && (at == to || b[at++] != '.')) {
                return false;
            }
        }
        return at == to;
    }
}
