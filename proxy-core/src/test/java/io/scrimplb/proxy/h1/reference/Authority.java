package io.scrimplb.proxy.h1.reference;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of a request target and the Host line that goes with them (RFC 9112, 3.2; RFC 3986, 3.2). */
public final class Authority {
    private static final String REG_NAME = "(?:[0-9A-Za-z._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*";
    private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*\\]|" + REG_NAME + ")(?::[0-9]*)?");
    private static final Pattern ABSOLUTE = Pattern.compile("([A-Za-z][0-9A-Za-z+.-]*):(.*)");
    private static final Pattern HTTP_URI = Pattern.compile("(?i:https?)://([^/?]+)([^?]*)(\\?.*)?");

    private Authority() {}

    static void check(List<String> start, List<FieldLine> fields) throws NotHttp {
        List<FieldLine> hosts = fields.stream().filter(line -> line.is("host")).toList();
        if (hosts.size() > 1 || (hosts.isEmpty() && !start.get(2).equals("HTTP/1.0"))) {
            throw NotHttp.invalid("not exactly one Host");
        }
        for (FieldLine host : hosts) {
            if (!isHost(host.value())) {
                throw NotHttp.invalid("an invalid Host");
            }
        }
        String method = start.get(0);
        String target = start.get(1);
        if (method.equals("CONNECT")) {
            if (!isHost(target) || !target.matches(".+:[0-9]+")) {
                throw NotHttp.invalid("CONNECT without an authority");
            }
        } else if (target.equals("*")) {
            if (!method.equals("OPTIONS")) {
                throw NotHttp.invalid("an asterisk without OPTIONS");
            }
        } else if (!target.startsWith("/")) {
            Matcher absolute = ABSOLUTE.matcher(target);
            if (!absolute.matches()) {
                throw NotHttp.invalid("a target of no form");
            }
            if (isHttp(absolute.group(1)) && authority(target).isEmpty()) {
                throw NotHttp.invalid("an http URI without a host");
            }
        }
    }

    private static boolean isHttp(String scheme) {
        String lower = scheme.toLowerCase(Locale.ROOT);
        return lower.equals("http") || lower.equals("https");
    }

    /** Whether a target is an absolute http or https URI. */
    public static boolean isAbsolute(String target) {
        return HTTP_URI.matcher(target).matches();
    }

    /** The host and port of an absolute target; empty when it has none, or one that is not valid. */
    public static String authority(String target) {
        Matcher uri = HTTP_URI.matcher(target);
        return uri.matches() && isHost(uri.group(1)) && !uri.group(1).startsWith(":") ? uri.group(1) : "";
    }

    /** The path and query that an absolute target asks its origin for (RFC 9112, 3.2.1 and 3.2.4). */
    public static String originForm(String method, String target) {
        Matcher uri = HTTP_URI.matcher(target);
        if (!uri.matches()) {
            return target;
        }
        String query = uri.group(3) == null ? "" : uri.group(3);
        if (!uri.group(2).isEmpty()) {
            return uri.group(2) + query;
        }
        return method.equals("OPTIONS") && query.isEmpty() ? "*" : "/" + query;
    }

    static boolean isHost(String value) {
        Matcher host = HOST.matcher(value);
        if (!host.matches()) {
            return false;
        }
        String name = host.group(1);
        return !name.startsWith("[") || isIpLiteral(name.substring(1, name.length() - 1));
    }

    private static boolean isIpLiteral(String literal) {
        return isIpv6(literal) || literal.matches("[vV][0-9A-Fa-f]+\\.[0-9A-Za-z._~!$&'()*+,;=:-]+");
    }

    /** Eight groups, or fewer around one double colon; the last two may be written as an IPv4 address. */
    private static boolean isIpv6(String literal) {
        String number = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
        String text = literal.replaceFirst("(^|:)" + number + "(?:\\." + number + "){3}$", "$10:0");
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == 8;
        }
        String before = text.substring(0, gap);
        String after = text.substring(gap + 2);
        int left = before.isEmpty() ? 0 : groups(before);
        int right = after.isEmpty() ? 0 : groups(after);
        return left >= 0 && right >= 0 && left + right <= 7;
    }

    /** @return how many groups of hex digits, or a negative number when it is something else */
    private static int groups(String text) {
        return text.matches("[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*") ? text.split(":").length : -100;
    }
}
