package io.scrimplb.app.config;

import io.scrimplb.membership.PortRange;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of values that concern the network. Nothing here asks a name server. */
final class NetworkTypes {
    /** RFC 1035, section 2.3.4. */
    private static final int MAX_DOMAIN_CHARACTERS = 253;

    private static final int HIGHEST_PORT = 65535;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,5}");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5}) ?- ?([0-9]{1,5})");
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]{1,32})?");
    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern HOST = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
    private static final List<String> RESOLVERS =
            List.of("auto", "ipv4", "ipv6", "interface:NAME", "static:ADDR", "ec2", "dummy");

    /** A port that something can be reached at. */
    static final ScalarType<Integer> PORT = port(1);

    /** A port to bind, where 0 lets the system choose. */
    static final ScalarType<Integer> BIND_PORT = port(0);

    static final ScalarType<PortRange> PORT_RANGE = new ScalarType<>("port or range", text -> {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            int only = PORT.parser().parse(text);
            return PortRange.of(only);
        }
        int first = PORT.parser().parse(matcher.group(1));
        int last = PORT.parser().parse(matcher.group(2));
        if (last < first) {
            throw new BadValueException(
                    "the range " + Excerpt.quote(text) + " ends before it starts; write " + last + "-" + first);
        }
        return new PortRange(first, last);
    });

    static final ScalarType<InetAddress> ADDRESS = new ScalarType<>(
            "address",
            text -> literal(text)
                    .orElseThrow(() ->
                            new BadValueException("must be an IPv4 or IPv6 address such as 10.0.0.7 or fd00::7, not "
                                    + Excerpt.quote(text))));

    /** {@code host:port}. */
    static final ScalarType<HostPort> HOST_PORT = new ScalarType<>("host:port", text -> hostPort(text, PORT));

    /** {@code host} or {@code host:port}, kept as written: whoever reads it has a default for the port. */
    static final ScalarType<String> HOST_OPTIONAL_PORT = new ScalarType<>("host or host:port", text -> {
        String bare = bare(text).toLowerCase(Locale.ROOT);
        if (literal(text).isEmpty() && !HOST.matcher(bare).matches()) {
            hostPort(text, PORT);
        }
        return text;
    });

    /** Empty for {@code off}. */
    static final ScalarType<Optional<HostPort>> ADMIN_ADDRESS = new ScalarType<>(
            "host:port or off",
            text -> text.equalsIgnoreCase("off") ? Optional.empty() : Optional.of(hostPort(text, BIND_PORT)));

    static final ScalarType<Cidr> CIDR = new ScalarType<>("network", text -> {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = literal(slash < 0 ? text : text.substring(0, slash));
        if (address.isPresent()) {
            byte[] bytes = address.get().getAddress();
            String prefix = slash < 0 ? Integer.toString(bytes.length * 8) : text.substring(slash + 1);
            if (DIGITS.matcher(prefix).matches() && Integer.parseInt(prefix) <= bytes.length * 8) {
                return network(bytes, Integer.parseInt(prefix));
            }
        }
        throw new BadValueException("must be a network such as 10.0.0.0/8 or fd00::/8, not " + Excerpt.quote(text));
    });

    static final ScalarType<String> DOMAIN = new ScalarType<>("domain", NetworkTypes::domain);

    /** One name, no wildcard. */
    static final ScalarType<String> EXACT_DOMAIN = new ScalarType<>("host name", text -> {
        String name = domain(text);
        if (name.startsWith("*")) {
            throw new BadValueException("must be one name, not " + Excerpt.quote(text));
        }
        return name;
    });

    /** The port that only redirects. */
    static final ScalarType<TlsConfig.Redirect> REDIRECT_PORT = new ScalarType<>(
            "port or off",
            text -> text.equalsIgnoreCase("off")
                    ? TlsConfig.Redirect.OFF
                    : new TlsConfig.Redirect(
                            TlsConfig.Redirect.Way.PORT, PORT.parser().parse(text)));

    static final ScalarType<String> RESOLVER = new ScalarType<>(String.join(" | ", RESOLVERS), text -> {
        int colon = text.indexOf(':');
        String kind = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
        String argument = colon < 0 ? "" : text.substring(colon + 1);
        return switch (kind) {
            case "interface" -> "interface:" + interfaceName(argument);
            case "static" -> "static:" + ADDRESS.parser().parse(argument).getHostAddress();
            case "auto", "ipv4", "ipv6", "ec2", "dummy" -> {
                if (colon >= 0) {
                    throw new BadValueException("the resolver " + kind + " takes nothing after a colon");
                }
                yield kind;
            }
            default -> throw unknownResolver(text, kind);
        };
    });

    private NetworkTypes() {}

    private static String interfaceName(String argument) throws BadValueException {
        if (argument.isBlank()) {
            throw new BadValueException("name the interface, such as interface:eth0");
        }
        return argument;
    }

    private static BadValueException unknownResolver(String text, String kind) {
        String hint = Suggestion.closest(kind, List.of("auto", "ipv4", "ipv6", "interface", "static", "ec2", "dummy"))
                .map(found -> " (did you mean \"" + found + "\"?)")
                .orElse("; known are " + String.join(", ", RESOLVERS));
        return new BadValueException("unknown resolver " + Excerpt.quote(text) + hint);
    }

    private static ScalarType<Integer> port(int lowest) {
        return new ScalarType<>(lowest == 0 ? "port, 0 for any" : "port", text -> {
            if (DIGITS.matcher(text).matches()) {
                int port = Integer.parseInt(text);
                if (port >= lowest && port <= HIGHEST_PORT) {
                    return port;
                }
            }
            throw new BadValueException(
                    "must be a port from " + lowest + " to " + HIGHEST_PORT + ", not " + Excerpt.quote(text));
        });
    }

    /** A literal address, with or without brackets; empty for anything else. */
    private static Optional<InetAddress> literal(String text) {
        String bare = bare(text);
        if (!IPV4.matcher(bare).matches() && !IPV6.matcher(bare).matches()) {
            return Optional.empty();
        }
        try {
            // The patterns let only literals through, so no name is looked up.
            return Optional.of(InetAddress.getByName(bare));
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    private static String bare(String text) {
        return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    }

    private static HostPort hostPort(String text, ScalarType<Integer> portType) throws BadValueException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean ambiguous = host.indexOf(':') >= 0 && !host.startsWith("[");
        String folded = bare(host).toLowerCase(Locale.ROOT);
        if (ambiguous || (literal(host).isEmpty() && !HOST.matcher(folded).matches())) {
            throw new BadValueException(
                    "must be host:port such as 10.0.0.7:8080 or [fd00::7]:8080, not " + Excerpt.quote(text));
        }
        return new HostPort(bare(host), portType.parser().parse(text.substring(colon + 1)));
    }

    private static Cidr network(byte[] bytes, int prefix) {
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.max(0, Math.min(8, prefix - i * 8));
            bytes[i] &= (byte) (0xff << (8 - kept));
        }
        try {
            return new Cidr(InetAddress.getByAddress(bytes), prefix);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address has 4 or 16 bytes", impossible);
        }
    }

    private static String domain(String text) throws BadValueException {
        if (text.equals("*")) {
            throw new BadValueException("\"*\" is not a domain; leave the list empty for any host");
        }
        boolean wildcard = text.startsWith("*.");
        String name = wildcard ? text.substring(2) : text;
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        try {
            name = IDN.toASCII(name, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException bad) {
            name = "";
        }
        if (name.length() > MAX_DOMAIN_CHARACTERS || !HOST.matcher(name).matches()) {
            throw new BadValueException("must be a domain such as www.example.com or *.example.com, not "
                    + Excerpt.quote(text)
                    + (text.contains("://") || text.contains("/") || text.contains(":")
                            ? "; without scheme, port and path"
                            : ""));
        }
        return wildcard ? "*." + name : name;
    }
}
