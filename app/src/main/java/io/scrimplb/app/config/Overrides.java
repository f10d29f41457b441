package io.scrimplb.app.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the flags of the command line say about the configuration; it counts more than anything else.
 *
 * @param join load balancers to join, {@code host} or {@code host:port}; when there are any, the provider is manual
 * @param applications added to those of the file; one of the same name is replaced
 * @param adminAddress {@code host:port} or {@code off}
 */
public record Overrides(List<String> join, List<ApplicationFlag> applications, Optional<String> adminAddress) {
    /** No flags at all. */
    public static final Overrides NONE = new Overrides(List.of(), List.of(), Optional.empty());

    private static final Origin JOIN = new Origin.Flag("--join");
    private static final Origin APP = new Origin.Flag("--app");
    private static final Origin ADMIN = new Origin.Flag("--admin-address");

    public Overrides {
        join = List.copyOf(join);
        applications = List.copyOf(applications);
    }

    /**
     * Checks a load balancer's address as {@code --join} takes it.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static String parseJoin(String text) {
        return checked(NetworkTypes.HOST_OPTIONAL_PORT, text);
    }

    /**
     * Checks an admin address.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static String parseAdminAddress(String text) {
        return checked(NetworkTypes.ADMIN_ADDRESS, text);
    }

    private static String checked(ScalarType<?> type, String text) {
        try {
            type.parser().parse(text);
            return text;
        } catch (BadValueException bad) {
            throw new IllegalArgumentException(bad.reason(), bad);
        }
    }

    Node.Mapping over(Node.Mapping lower) {
        Node.Mapping below = lower;
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        adminAddress.ifPresent(address -> entries.put(Schema.ADMIN_ADDRESS.name(), text(ADMIN, address)));
        if (!join.isEmpty()) {
            below = Layers.without(below, Schema.PROVIDER_CONFIG.name());
            entries.put(Schema.PROVIDER.name(), text(JOIN, "manual"));
            entries.put(
                    Schema.PROVIDER_CONFIG.name(),
                    object(JOIN, ProviderSchema.ADDRESSES, CommaList.of(String.join(",", join), JOIN)));
        }
        if (!applications.isEmpty()) {
            entries.put(Schema.BACKEND_CONFIG.name(), object(APP, Schema.APPLICATIONS, withApplicationsOf(below)));
        }
        return Layers.lay(new Node.Mapping(Origin.DEFAULT, entries), below);
    }

    private Node.Sequence withApplicationsOf(Node.Mapping below) {
        List<Node> all = new ArrayList<>();
        Node.Entry backend = below.entries().get(Schema.BACKEND_CONFIG.name());
        if (backend != null && backend.value() instanceof Node.Mapping mapping) {
            Node.Entry listed = mapping.entries().get(Schema.APPLICATIONS.name());
            if (listed != null && listed.value() instanceof Node.Sequence sequence) {
                sequence.elements().stream()
                        .filter(element -> applications.stream().noneMatch(flag -> named(element, flag.name())))
                        .forEach(all::add);
            }
        }
        applications.forEach(flag -> all.add(flag.toNode(APP)));
        return new Node.Sequence(APP, all);
    }

    private static boolean named(Node application, String name) {
        if (!(application instanceof Node.Mapping mapping)) {
            return false;
        }
        Node.Entry entry = mapping.entries().get(ApplicationSchema.NAME.name());
        return entry != null
                && entry.value() instanceof Node.Scalar scalar
                && scalar.text().equals(name);
    }

    private static Node.Entry text(Origin origin, String text) {
        return new Node.Entry(origin, new Node.Scalar(origin, Node.Kind.TEXT, text));
    }

    private static Node.Entry object(Origin origin, Key<?> key, Node value) {
        return new Node.Entry(origin, new Node.Mapping(origin, Map.of(key.name(), new Node.Entry(origin, value))));
    }
}
