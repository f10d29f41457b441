package io.scrimplb.app.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An application announced without a file: {@code NAME=PORT[,domain...]}, where a domain may carry the port at which
 * the load balancer shall listen, as in {@code blog=8081,blog.example.com@8443}.
 *
 * @param listenPort empty leaves it to the load balancer
 */
public record ApplicationFlag(String name, int applicationPort, Optional<Integer> listenPort, List<String> domains) {
    public ApplicationFlag {
        domains = List.copyOf(domains);
    }

    /**
     * Reads the flag's value.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static ApplicationFlag parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(
                    "expected NAME=PORT[,domain...] such as blog=8081,blog.example.com, not " + Excerpt.quote(text));
        }
        String[] parts = text.substring(equals + 1).split(",", -1);
        try {
            String name = ScalarTypes.NAME.parser().parse(text.substring(0, equals));
            int port = NetworkTypes.PORT.parser().parse(parts[0].strip());
            Optional<Integer> listenPort = Optional.empty();
            List<String> domains = new ArrayList<>();
            for (int i = 1; i < parts.length; i++) {
                String domain = parts[i].strip();
                int at = domain.indexOf('@');
                if (at >= 0) {
                    int named = NetworkTypes.PORT.parser().parse(domain.substring(at + 1));
                    if (listenPort.isPresent() && listenPort.get() != named) {
                        throw new BadValueException("one application has one listen port, not " + listenPort.get()
                                + " and " + named + "; give --app twice under two names");
                    }
                    listenPort = Optional.of(named);
                    domain = domain.substring(0, at);
                }
                if (!domain.isEmpty() || at < 0) {
                    domains.add(NetworkTypes.DOMAIN.parser().parse(domain));
                }
            }
            return new ApplicationFlag(name, port, listenPort, domains);
        } catch (BadValueException bad) {
            throw new IllegalArgumentException(bad.reason(), bad);
        }
    }

    Node.Mapping toNode(Origin origin) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        put(entries, ApplicationSchema.NAME, origin, name);
        put(entries, ApplicationSchema.APPLICATION_PORT, origin, Integer.toString(applicationPort));
        listenPort.ifPresent(port -> put(entries, ApplicationSchema.LISTEN_PORT, origin, Integer.toString(port)));
        entries.put(
                ApplicationSchema.DOMAINS.name(),
                new Node.Entry(origin, CommaList.of(String.join(",", domains), origin)));
        return new Node.Mapping(origin, entries);
    }

    private static void put(Map<String, Node.Entry> entries, Key<?> key, Origin origin, String text) {
        entries.put(key.name(), new Node.Entry(origin, new Node.Scalar(origin, Node.Kind.TEXT, text)));
    }
}
