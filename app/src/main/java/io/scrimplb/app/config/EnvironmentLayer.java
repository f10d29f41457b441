package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ListShape;
import io.scrimplb.app.config.Shape.ObjectShape;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the environment says: {@code SCRIMP_} and a key's path. {@code …_FILE} reads the value from a file, lists are
 * separated by commas, objects and lists of objects are written as JSON. An empty variable counts as not set, since
 * compose files pass on what they were not given.
 */
final class EnvironmentLayer {
    /** What every variable of ours starts with. */
    static final String PREFIX = "SCRIMP_";
    /** Variables that mean something and are no keys. */
    static final Set<String> OTHERS = Set.of("SCRIMP_CONFIG", "SCRIMP_DEBUG", "SCRIMP_SECRET");

    private static final String FILE_SUFFIX = "_FILE";
    /** Container platforms describe a service called 'scrimp' by such variables; nobody wrote them. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("SCRIMP_(?:.*_)?(?:SERVICE_(?:HOST|PORT).*|PORT_[0-9]+_(?:TCP|UDP).*)");

    private static final Pattern SERVICE_LINK_VALUE = Pattern.compile("(?:tcp|udp)://.*");

    /** What nobody would write at the beginning of a secret. */
    private static final Pattern PLAIN_PATH = Pattern.compile("\\.{0,2}/");

    private final Map<String, String> environment;
    private final Problems problems;
    private final Map<String, Target> targets = new TreeMap<>();

    EnvironmentLayer(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
        collect(Schema.ROOT, List.of());
    }

    /** Where a variable's value belongs. */
    private record Target(List<String> path, Shape<?> shape, boolean secret) {
        String joined() {
            return String.join(".", path);
        }
    }

    /** The variable of each key, as the reference page lists them. */
    static String nameOf(List<String> path) {
        return PREFIX
                + String.join("_", path).replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private void collect(ObjectShape shape, List<String> above) {
        for (Key<?> key : shape.keys()) {
            List<String> path = new ArrayList<>(above);
            path.add(key.name());
            targets.put(nameOf(path), new Target(path, key.shape(), key.secret()));
            if (key.shape() instanceof ObjectShape inner) {
                collect(inner, path);
            }
        }
    }

    /**
     * Reads every variable of ours.
     *
     * @param referenced variables that the file asked for by <code>${…}</code>; their names are the user's business
     */
    Node.Mapping read(Set<String> referenced) {
        Node.Mapping layer = Node.Mapping.empty(Origin.DEFAULT);
        // Sorted, so that an object's variable comes before those of its keys, which then count.
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX) || variable.getValue().isEmpty() || foreign(name, variable.getValue())) {
                continue;
            }
            boolean file = !targets.containsKey(name) && name.endsWith(FILE_SUFFIX);
            Target target = targets.get(file ? name.substring(0, name.length() - FILE_SUFFIX.length()) : name);
            if (target == null) {
                if (!referenced.contains(name)) {
                    reportUnknown(name);
                }
            } else {
                Optional<Node> node =
                        file ? fromFile(name, variable.getValue(), target) : node(name, variable.getValue(), target);
                if (node.isPresent()) {
                    layer = Layers.lay(nest(target.path(), node.get()), layer);
                }
            }
        }
        return layer;
    }

    private static boolean foreign(String name, String value) {
        return OTHERS.contains(name)
                || SERVICE_LINK.matcher(name).matches()
                || (SERVICE_LINK_VALUE.matcher(value).matches() && name.endsWith("_PORT"));
    }

    private void reportUnknown(String name) {
        String hint = Suggestion.closest(name, targets.keySet())
                .map(found -> " (did you mean " + found + "?)")
                .orElse("; it names no key of the configuration");
        problems.add(new Origin.Environment(name), "", "unknown variable" + hint);
    }

    private Optional<Node> fromFile(String name, String fileName, Target target) {
        Origin origin = new Origin.Environment(name);
        String direct = name.substring(0, name.length() - FILE_SUFFIX.length());
        if (!environment.getOrDefault(direct, "").isEmpty()) {
            problems.add(origin, target.joined(), direct + " is set too; keep one of the two");
            return Optional.empty();
        }
        try {
            return SourceFile.read(
                            Path.of(fileName), origin, target.joined() + shown(fileName, target.secret()), problems)
                    .map(text -> text.replaceFirst("\\r?\\n\\z", ""))
                    .flatMap(text -> node(name, text, target));
        } catch (InvalidPathException bad) {
            problems.add(
                    origin,
                    target.joined(),
                    (target.secret() ? "its value" : Excerpt.quote(fileName)) + " is not a file name");
            return Optional.empty();
        }
    }

    /** A secret that was given where the name of its file belongs is not repeated. */
    private static String shown(String fileName, boolean secret) {
        return secret && !PLAIN_PATH.matcher(fileName).lookingAt() ? "" : " (" + Excerpt.line(fileName) + ")";
    }

    private Optional<Node> node(String name, String value, Target target) {
        Origin origin = new Origin.Environment(name);
        boolean list = target.shape() instanceof ListShape<?>;
        boolean object = target.shape() instanceof ObjectShape
                || (target.shape() instanceof ListShape<?> of && of.element() instanceof ObjectShape);
        boolean json =
                value.stripLeading().startsWith("[") || value.stripLeading().startsWith("{");
        if (object && !json) {
            problems.add(origin, target.joined(), "write it as JSON, or set its keys one by one");
            return Optional.empty();
        }
        if (object || (list && json)) {
            return new DocumentParser(origin.toString(), problems).parse(value, false);
        }
        return Optional.of(list ? CommaList.of(value, origin) : new Node.Scalar(origin, Node.Kind.TEXT, value));
    }

    private static Node.Mapping nest(List<String> path, Node node) {
        Node inner = path.size() == 1 ? node : nest(path.subList(1, path.size()), node);
        return new Node.Mapping(Origin.DEFAULT, Map.of(path.get(0), new Node.Entry(node.origin(), inner)));
    }
}
