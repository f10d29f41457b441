package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ListShape;
import io.scrimplb.app.config.Shape.ObjectShape;
import io.scrimplb.membership.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decodes a tree by the schema: applies defaults, collects every problem, and lists every effective value in the
 * schema's order. Not thread-safe.
 */
final class SchemaReader {
    private static final String NOT_SET = "(not set)";

    private final Problems problems;
    private final Optional<Role> role;
    private final List<EffectiveValue> effective = new ArrayList<>();

    SchemaReader(Problems problems) {
        this(problems, Optional.empty());
    }

    /** @param role what the process is about to be; some defaults hang on it */
    SchemaReader(Problems problems, Optional<Role> role) {
        this.problems = problems;
        this.role = role;
    }

    /** What was read so far, in the schema's order. */
    List<EffectiveValue> effective() {
        return effective;
    }

    /** Empty when the node is no object; then a problem says so. */
    Optional<Values> read(ObjectShape shape, Node node, String path) {
        if (node instanceof Node.Mapping mapping) {
            return Optional.of(object(shape, mapping, path));
        }
        if (!reported(node)) {
            problems.add(node.origin(), path, "expected an object { … }, not " + node.label());
        }
        return Optional.empty();
    }

    private Values object(ObjectShape shape, Node.Mapping mapping, String path) {
        reportUnknown(shape, mapping, path);
        Values values = new Values(path, mapping.origin());
        for (Key<?> key : shape.keys()) {
            Optional<Node> written = written(key, mapping, path);
            written.ifPresent(node -> values.written(key, node.origin()));
            Shape<?> wanted = key.name().equals(Schema.PROVIDER_CONFIG.name()) ? providerShape(values) : key.shape();
            member(key, wanted, written, values, mapping);
        }
        return values;
    }

    private void member(Key<?> key, Shape<?> wanted, Optional<Node> written, Values values, Node.Mapping parent) {
        String path = values.path(key);
        if (written.isPresent()) {
            decode(wanted, key.secret(), written.get(), path).ifPresent(value -> values.put(key, value));
        } else if (wanted instanceof ObjectShape object) {
            if (object.implied()) {
                values.put(key, object(object, Node.Mapping.empty(parent.origin()), path));
            }
        } else if (key.required()) {
            problems.add(parent.origin(), path, "is missing; it has no default");
        } else if (key.defaultText().isPresent()) {
            decode(wanted, key.secret(), defaultNode(wanted, key.defaultText().get()), path)
                    .ifPresent(value -> values.put(key, value));
        } else if (!ScalarTypes.ANYTHING.equals(key.shape())) {
            effective.add(new EffectiveValue(path, roleDefault(key, values), Origin.DEFAULT));
            if (wanted instanceof ListShape<?>) {
                values.put(key, List.of());
            }
        }
    }

    /** What a key that is not written comes to when that hangs on the role. */
    private String roleDefault(Key<?> key, Values values) {
        Optional<Role> known = role.or(() -> values.find(Schema.LB).map(lb -> lb ? Role.LOAD_BALANCER : Role.BACKEND));
        if (key.equals(Schema.PORT)) {
            return byRole(known, ClusterConfig.LOAD_BALANCER_PORT, ClusterConfig.BACKEND_PORT);
        }
        return key.equals(Schema.ADMIN_ADDRESS)
                ? byRole(known, AdminConfig.LOAD_BALANCER_DEFAULT, AdminConfig.BACKEND_DEFAULT)
                : NOT_SET;
    }

    private static String byRole(Optional<Role> role, Object ofLoadBalancer, Object ofBackend) {
        return role.map(known -> String.valueOf(known == Role.LOAD_BALANCER ? ofLoadBalancer : ofBackend))
                .orElse(ofLoadBalancer + " (load balancer), " + ofBackend + " (backend)");
    }

    private static Node defaultNode(Shape<?> shape, String text) {
        return shape instanceof ListShape<?>
                ? CommaList.of(text, Origin.DEFAULT)
                : new Node.Scalar(Origin.DEFAULT, Node.Kind.TEXT, text);
    }

    /** The keys of provider-config are those of the provider that was written; which one was read just before. */
    private static Shape<?> providerShape(Values root) {
        return root.has(Schema.PROVIDER)
                ? root.find(Schema.PROVIDER).flatMap(ProviderSchema::of).orElse(ProviderSchema.ANY)
                : ProviderSchema.ANY;
    }

    private Optional<?> decode(Shape<?> shape, boolean secret, Node node, String path) {
        if (reported(node)) {
            return Optional.empty();
        }
        if (shape instanceof ObjectShape object) {
            return read(object, node, path);
        }
        if (shape instanceof ListShape<?> list) {
            return list(list, secret, node, path);
        }
        ScalarType<?> type = (ScalarType<?>) shape;
        Optional<?> value = scalar(type, node, path);
        value.ifPresent(good -> effective.add(new EffectiveValue(
                path, secret ? Excerpt.MASK : shown(type, ((Node.Scalar) node).text()), node.origin())));
        return value;
    }

    private static String shown(ScalarType<?> type, String text) {
        return Excerpt.printable(type.equals(ScalarTypes.URL) ? ScalarTypes.withoutQuery(text) : text);
    }

    private Optional<?> list(ListShape<?> shape, boolean secret, Node node, String path) {
        boolean scalars = shape.element() instanceof ScalarType<?>;
        List<Node> elements;
        if (node instanceof Node.Sequence sequence) {
            elements = sequence.elements();
        } else if (node instanceof Node.Scalar && scalars) {
            elements = List.of(node);
        } else {
            problems.add(node.origin(), path, "expected a list of " + shape.label() + " [ … ], not " + node.label());
            return Optional.empty();
        }
        List<Object> decoded = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            Node element = elements.get(i);
            String elementPath = path + "[" + i + "]";
            Optional<?> value = reported(element)
                    ? Optional.empty()
                    : shape.element() instanceof ScalarType<?> type
                            ? scalar(type, element, elementPath)
                            : decode(shape.element(), secret, element, elementPath);
            value.ifPresent(decoded::add);
        }
        if (decoded.size() != elements.size()) {
            return Optional.empty();
        }
        if (scalars || elements.isEmpty()) {
            effective.add(new EffectiveValue(path, decoded.toString(), node.origin()));
        }
        return Optional.of(List.copyOf(decoded));
    }

    private Optional<?> scalar(ScalarType<?> type, Node node, String path) {
        if (!(node instanceof Node.Scalar scalar)) {
            problems.add(node.origin(), path, "expected " + type.label() + ", not " + node.label());
            return Optional.empty();
        }
        if (scalar.kind() == Node.Kind.NULL) {
            problems.add(node.origin(), path, "expected " + type.label() + ", not null");
            return Optional.empty();
        }
        boolean booleanWanted = type.equals(ScalarTypes.BOOLEAN) || type.equals(ScalarTypes.ANYTHING);
        if (scalar.kind() == Node.Kind.BOOLEAN && !booleanWanted) {
            problems.add(
                    node.origin(),
                    path,
                    "expected " + type.label() + ", not " + scalar.text() + "; put it in quotes if it is a text");
            return Optional.empty();
        }
        try {
            return Optional.of(type.parser().parse(scalar.text()));
        } catch (BadValueException bad) {
            problems.add(node.origin(), path, bad.reason());
            return Optional.empty();
        }
    }

    private void reportUnknown(ObjectShape shape, Node.Mapping mapping, String path) {
        List<String> known = new ArrayList<>();
        shape.keys().forEach(key -> known.add(key.name()));
        for (Map.Entry<String, Node.Entry> entry : mapping.entries().entrySet()) {
            String written = entry.getKey();
            if (shape.keys().stream().noneMatch(key -> key.answersTo(written))) {
                String hint = Suggestion.hint(written, known);
                String here =
                        known.isEmpty() ? "; no key may stand here" : "; known here are " + String.join(", ", known);
                problems.add(
                        entry.getValue().keyOrigin(),
                        Values.join(path, Excerpt.line(written)),
                        "unknown key" + (hint.isEmpty() ? here : hint));
            }
        }
    }

    /** What was written under the key's name or an alias; a null means that the default shall apply. */
    private Optional<Node> written(Key<?> key, Node.Mapping mapping, String path) {
        Optional<Node> found = Optional.empty();
        for (Map.Entry<String, Node.Entry> entry : mapping.entries().entrySet()) {
            if (key.answersTo(entry.getKey())) {
                if (found.isPresent()) {
                    problems.add(
                            entry.getValue().keyOrigin(),
                            Values.join(path, entry.getKey()),
                            "is the same key as another one of this object; keep \"" + key.name() + "\"");
                }
                Node value = entry.getValue().value();
                boolean nothing = value instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.NULL;
                if (nothing && key.secret()) {
                    // Left blank by a template, say: to go on without it would open what it was to close.
                    problems.add(
                            value.origin(),
                            Values.join(path, entry.getKey()),
                            "is empty; leave the key out or give it a value");
                } else if (!nothing) {
                    found = Optional.of(value);
                }
            }
        }
        return found;
    }

    private static boolean reported(Node node) {
        return node instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.REPORTED;
    }
}
