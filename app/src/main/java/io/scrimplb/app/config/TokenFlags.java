package io.scrimplb.app.config;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a join token shall allow, as the command line says it. All methods throw for what is nonsense. */
public final class TokenFlags {
    /** No limit of domains. */
    public static final List<String> ANY_DOMAIN = List.of();
    /** No limit of ports, written out: it tells a member that came with a token from one that has the secret. */
    public static final List<PortRange> ANY_PORT = List.of(new PortRange(1, 65_535));

    private static final ScalarType<Duration> TTL =
            ScalarTypes.duration(Duration.ofSeconds(1), Duration.ofDays(10 * 365));

    private TokenFlags() {}

    /**
     * The only role that a token can give.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static Role role(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "backend" -> Role.BACKEND;
            case "lb", "load-balancer" ->
                throw new IllegalArgumentException(
                        "a token is for a backend; a load balancer needs the cluster secret itself");
            default ->
                throw new IllegalArgumentException(
                        "unknown role " + Excerpt.quote(text) + hint(text) + "; a token is for a backend");
        };
    }

    private static String hint(String text) {
        return Suggestion.hint(text, List.of("backend"));
    }

    /**
     * Domains with commas between them; {@code *} for any.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static List<String> domains(String text) {
        Set<String> domains = new LinkedHashSet<>();
        for (String domain : elements(text)) {
            if (domain.equals(Claims.ANY_DOMAIN)) {
                // Whatever else is listed, this one stands for it.
                return ANY_DOMAIN;
            }
            domains.add(parse(NetworkTypes.DOMAIN, domain));
        }
        return List.copyOf(domains);
    }

    /**
     * Ports and ranges with commas between them.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static List<PortRange> ports(String text) {
        Set<PortRange> ports = new LinkedHashSet<>();
        for (String port : elements(text)) {
            ports.add(parse(NetworkTypes.PORT_RANGE, port));
        }
        return List.copyOf(ports);
    }

    /**
     * For how long it lets somebody join, from a second to ten years.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static Duration ttl(String text) {
        return parse(TTL, text);
    }

    /** An empty text, as of a variable that was not set, must not stand for anything goes. */
    private static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        for (String element : text.split(",", -1)) {
            if (element.isBlank()) {
                throw new IllegalArgumentException(
                        text.isBlank()
                                ? "is empty; leave the flag out for any"
                                : Excerpt.quote(text) + " has nothing between two commas or at an end");
            }
            elements.add(element.strip());
        }
        return elements;
    }

    private static <T> T parse(ScalarType<T> type, String text) {
        try {
            return type.parser().parse(text);
        } catch (BadValueException bad) {
            throw new IllegalArgumentException(bad.reason(), bad);
        }
    }
}
