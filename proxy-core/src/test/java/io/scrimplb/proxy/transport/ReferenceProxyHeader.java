package io.scrimplb.proxy.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.scrimplb.proxy.transport.ProxyHeaderParser.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The description, read by regular expression and by offset; wants all bytes at once. */
final class ReferenceProxyHeader {
    /** What a reader makes of bytes: a verdict, what it says, and how many bytes it took; -1 when it refuses them. */
    record Reading(Verdict verdict, String said, int taken) {}

    private static final String PORT = "(0|[1-9][0-9]{0,4})";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String FOUR = OCTET + "(?:\\." + OCTET + "){3}";
    private static final Pattern TCP = Pattern.compile(
            "PROXY (?:TCP4 (" + FOUR + ") (" + FOUR + ")|TCP6 ([0-9a-fA-F:.]+) ([0-9a-fA-F:.]+)) " + PORT + " " + PORT);

    static Reading read(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        String signature = "\r\n\r\n\0\r\nQUIT\n";
        for (String beginning : List.of("PROXY ", signature)) {
            if (text.length() < beginning.length() && beginning.startsWith(text)) {
                return new Reading(Verdict.MORE, "", bytes.length);
            }
        }
        if (text.startsWith("PROXY ")) {
            return line(text);
        }
        return text.startsWith(signature) ? block(text) : new Reading(Verdict.NONE, "", common(text, signature));
    }

    /** How many bytes were taken before it was clear that there is no header. */
    private static int common(String text, String signature) {
        String beginning = text.startsWith("P") ? "PROXY " : signature;
        int same = 0;
        while (text.charAt(same) == beginning.charAt(same)) {
            same++;
        }
        return same;
    }

    private static Reading line(String text) {
        int end = text.indexOf("\r\n");
        if (end < 0 || end > 105) {
            return text.length() < 107
                    ? new Reading(Verdict.MORE, "", text.length())
                    : new Reading(Verdict.MALFORMED, "", -1);
        }
        String line = text.substring(0, end);
        String said = line.matches("(?s)PROXY UNKNOWN( .*)?") ? "unknown" : addresses(line);
        return said == null ? new Reading(Verdict.MALFORMED, "", -1) : new Reading(Verdict.HEADER, said, end + 2);
    }

    private static String addresses(String line) {
        Matcher matcher = TCP.matcher(line);
        if (!matcher.matches()) {
            return null;
        }
        boolean four = matcher.group(1) != null;
        String client = address(matcher.group(four ? 1 : 3), four);
        String destination = address(matcher.group(four ? 2 : 4), four);
        boolean ports = Integer.parseInt(matcher.group(5)) < 65_536 && Integer.parseInt(matcher.group(6)) < 65_536;
        return client == null || destination == null || !ports
                ? null
                : client + "/" + matcher.group(5) + " to " + destination + "/" + matcher.group(6);
    }

    /** By the JDK, which takes literals only where there is a colon. */
    private static String address(String literal, boolean four) {
        // The JDK takes more: long groups, and IPv4 addresses in other bases.
        boolean longGroup = literal.matches(".*[0-9a-fA-F]{5}.*");
        boolean oddTail = literal.contains(".") && !literal.matches("(.*:)?" + FOUR);
        if (!four && (!literal.contains(":") || oddTail || longGroup)) {
            return null;
        }
        try {
            return InetAddress.getByName(literal).getHostAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static Reading block(String text) {
        if (text.length() < 16) {
            return new Reading(Verdict.MORE, "", text.length());
        }
        int length = text.charAt(14) * 256 + text.charAt(15);
        int family = text.charAt(13);
        boolean local = text.charAt(12) == 0x20;
        List<Integer> valid = List.of(0x00, 0x01, 0x02, 0x10, 0x11, 0x12, 0x20, 0x21, 0x22, 0x30, 0x31, 0x32);
        int needed = family == 0x11 || family == 0x12
                ? 12
                : family == 0x21 || family == 0x22 ? 36 : family == 0x31 || family == 0x32 ? 216 : 0;
        boolean proxy = text.charAt(12) == 0x21 && valid.contains(family) && length >= needed;
        if (16 + length > 4096 || !local && !proxy) {
            return new Reading(Verdict.MALFORMED, "", -1);
        }
        if (text.length() < 16 + length) {
            return new Reading(Verdict.MORE, "", text.length());
        }
        if (local) {
            return new Reading(Verdict.HEADER, "local", 16 + length);
        }
        if (family != 0x11 && family != 0x21) {
            return new Reading(Verdict.HEADER, "unknown", 16 + length);
        }
        int size = family == 0x11 ? 4 : 16;
        byte[] told = text.substring(16, 16 + needed).getBytes(ISO_8859_1);
        return new Reading(
                Verdict.HEADER,
                part(told, 0, size) + "/" + port(told, 2 * size) + " to " + part(told, size, size) + "/"
                        + port(told, 2 * size + 2),
                16 + length);
    }

    private static String part(byte[] told, int from, int size) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(told, from, from + size))
                    .getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int port(byte[] told, int at) {
        return (told[at] & 0xff) * 256 + (told[at + 1] & 0xff);
    }
}
