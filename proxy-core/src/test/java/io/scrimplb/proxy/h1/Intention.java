package io.scrimplb.proxy.h1;

import io.scrimplb.proxy.h1.reference.Authority;
import io.scrimplb.proxy.h1.reference.FieldLine;
import io.scrimplb.proxy.h1.reference.Message;
import io.scrimplb.proxy.h1.reference.Message.Framing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the proxy means to send on when it has read a message: stated over what the reference read, not over what it wrote. */
final class Intention {
    /** Stands for a request id that the proxy makes. */
    static final String ANY_ID = "[0-9a-f]{32}";

    /** Concern one connection only (RFC 9110, 7.6.1). */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** Written anew, from what was understood. */
    private static final Set<String> ANEW_IN_REQUESTS =
            Set.of("host", "content-length", "expect", "te", "x-forwarded-for", "x-request-id");

    private static final Set<String> CLIENT_MAY_NOT_DROP =
            Set.of("host", "content-length", "transfer-encoding", "x-request-id", "forwarded", "x-real-ip");

    private static final String FORWARDED = "x-forwarded-";

    /** May change how a message is framed, routed, trusted or treated, or a response kept (RFC 9110, 6.5.1). */
    private static final Set<String> NEVER_IN_TRAILERS = Set.of(("transfer-encoding content-length host cache-control "
                    + "expect max-forwards pragma range te authorization proxy-authenticate www-authenticate cookie "
                    + "set-cookie age date expires location retry-after vary warning content-encoding content-type "
                    + "content-range trailer connection keep-alive proxy-connection proxy-authorization upgrade "
                    + "http2-settings forwarded x-real-ip x-request-id accept user-agent")
            .split(" "));

    private Intention() {}

    /** The values of the lines that the proxy writes anew into a request, by lower-case name. */
    static Map<String, List<String>> writtenAnew(Message read, boolean trusted) {
        Map<String, List<String>> anew = new TreeMap<>();
        anew.put("host", List.of(authority(read)));
        if (read.framing() == Framing.CHUNKED) {
            anew.put("transfer-encoding", List.of("chunked"));
        }
        if (read.framing() == Framing.LENGTH) {
            anew.put("content-length", List.of(Integer.toString(read.body().length())));
        }
        boolean hasBody = read.framing() == Framing.CHUNKED || !read.body().isEmpty();
        if (hasBody && read.isHttp11() && !kept(read, "expect").isEmpty()) {
            anew.put("expect", List.of("100-continue"));
        }
        if (upgrades(read)) {
            anew.put("connection", List.of("Upgrade"));
            anew.put("upgrade", List.of(read.first("upgrade").orElseThrow()));
        } else if (read.all("te").stream().anyMatch(line -> line.elements().contains("trailers"))) {
            anew.put("connection", List.of("TE"));
            anew.put("te", List.of("trailers"));
        }
        String before = read.all("x-forwarded-for").stream()
                .map(FieldLine::value)
                .filter(value -> trusted && !value.isEmpty())
                .map(value -> value + ", ")
                .collect(Collectors.joining());
        anew.put("x-forwarded-for", List.of(before + H1UnderTest.CLIENT));
        givenOr(anew, read, trusted, "x-forwarded-proto", "http");
        givenOr(anew, read, trusted, "x-forwarded-host", authority(read));
        givenOr(anew, read, trusted, "x-forwarded-port", H1UnderTest.LOCAL_PORT);
        List<FieldLine> ids = read.all("x-request-id");
        boolean decent = ids.size() == 1 && ids.get(0).value().matches("[0-9A-Za-z._:+/=@-]{1,128}");
        anew.put("x-request-id", List.of(decent ? ids.get(0).value() : ANY_ID));
        return anew;
    }

    private static void givenOr(
            Map<String, List<String>> anew, Message read, boolean trusted, String name, String own) {
        List<String> given = read.all(name).stream().map(FieldLine::value).toList();
        anew.put(name, trusted && !given.isEmpty() ? given : List.of(own));
    }

    private static String authority(Message read) {
        return Authority.isAbsolute(read.target())
                ? Authority.authority(read.target())
                : read.first("host").orElse(H1UnderTest.LOCAL_AUTHORITY);
    }

    /** The lines of a request that pass as they are, in their order. */
    static List<FieldLine> passing(Message read, boolean trusted) {
        Set<String> named = namedInConnection(read);
        return read.fields().stream()
                .filter(line -> {
                    String name = line.lowerName();
                    boolean forwarding = isForwarded(name) || name.equals("forwarded") || name.equals("x-real-ip");
                    return !HOP_BY_HOP.contains(name)
                            && !ANEW_IN_REQUESTS.contains(name)
                            && !named.contains(name)
                            && !isLookAlike(name)
                            && !Set.of(FORWARDED + "proto", FORWARDED + "host", FORWARDED + "port")
                                    .contains(name)
                            && (trusted || !forwarding)
                            && (read.framing() == Framing.CHUNKED || !name.equals("trailer"));
                })
                .toList();
    }

    /** The lines of a response that pass as they are, in their order. */
    static List<FieldLine> passing(Message read) {
        Set<String> named = namedInConnection(read);
        boolean chunked = !read.all("transfer-encoding").isEmpty();
        return read.fields().stream()
                .filter(line -> {
                    String name = line.lowerName();
                    return !HOP_BY_HOP.contains(name)
                            && !name.equals("content-length")
                            && !named.contains(name)
                            && (chunked || !name.equals("trailer"));
                })
                .toList();
    }

    /** The trailer lines that may pass, in their order. */
    static List<FieldLine> trailers(Message read) {
        return read.trailers().stream()
                .filter(line -> {
                    String name = line.lowerName();
                    return !NEVER_IN_TRAILERS.contains(name)
                            && !name.startsWith("if-")
                            && !isForwarded(name)
                            && !isLookAlike(name);
                })
                .toList();
    }

    /** Whether an HTTP/1.1 client asks with GET for a protocol other than HTTP/2, in one line that Connection names. */
    static boolean upgrades(Message read) {
        List<FieldLine> lines = read.all("upgrade");
        return lines.size() == 1
                && read.all("connection").stream()
                        .anyMatch(line -> line.elements().contains("upgrade"))
                && read.isHttp11()
                && read.method().equals("GET")
                && lines.get(0).value().matches("[/!#$%&'*+.^_`|~0-9A-Za-z-]+")
                && !lines.get(0).value().matches("(?i)h2c?");
    }

    /** The lines of that name that Connection does not take away. */
    static List<FieldLine> kept(Message read, String name) {
        return namedInConnection(read).contains(name) ? List.of() : read.all(name);
    }

    /** Names in Connection; every run of name bytes counts, also where the list is broken. */
    private static Set<String> namedInConnection(Message read) {
        Set<String> named = new HashSet<>();
        for (FieldLine line : read.all("connection")) {
            String value = line.value().toLowerCase(Locale.ROOT);
            named.addAll(Arrays.asList(value.split("[^!#$%&'*+.^_`|~0-9a-z-]+")));
        }
        named.removeIf(name -> CLIENT_MAY_NOT_DROP.contains(name) || isForwarded(name));
        return named;
    }

    private static boolean isForwarded(String name) {
        return name.startsWith(FORWARDED) && name.length() > FORWARDED.length();
    }

    /** A name that an application may take for a forwarding or framing field. */
    private static boolean isLookAlike(String name) {
        String hyphened = name.replace('_', '-');
        return !hyphened.equals(name)
                && !isForwarded(name)
                && (isForwarded(hyphened)
                        || List.of("content-length", "transfer-encoding", "x-request-id", "x-real-ip")
                                .contains(hyphened));
    }

    /** All lines but those of the names, in their order. */
    static List<FieldLine> without(List<FieldLine> lines, Set<String> names) {
        return new ArrayList<>(
                lines.stream().filter(line -> !names.contains(line.lowerName())).toList());
    }
}
