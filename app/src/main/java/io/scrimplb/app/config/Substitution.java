package io.scrimplb.app.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces <code>${NAME}</code> in the values of a tree by the environment's value; <code>$${NAME}</code> stands for
 * the text itself. A variable that is not set is a problem, since an empty secret would be worse. Not thread-safe.
 */
final class Substitution {
    private static final Pattern REFERENCE = Pattern.compile("\\$?\\$\\{([^}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Map<String, String> environment;
    private final Problems problems;
    private final Set<String> referenced = new HashSet<>();
    private int failures;

    Substitution(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** The variables that were asked for so far. */
    Set<String> referenced() {
        return referenced;
    }

    Node apply(Node node) {
        return apply(node, "");
    }

    private Node apply(Node node, String path) {
        if (node instanceof Node.Mapping mapping) {
            Map<String, Node.Entry> entries = new LinkedHashMap<>();
            mapping.entries()
                    .forEach((key, entry) -> entries.put(
                            key,
                            new Node.Entry(
                                    entry.keyOrigin(), apply(entry.value(), Values.join(path, Excerpt.line(key))))));
            return new Node.Mapping(mapping.origin(), entries);
        }
        if (node instanceof Node.Sequence sequence) {
            List<Node> elements = new ArrayList<>();
            for (Node element : sequence.elements()) {
                elements.add(apply(element, path + "[" + elements.size() + "]"));
            }
            return new Node.Sequence(sequence.origin(), elements);
        }
        Node.Scalar scalar = (Node.Scalar) node;
        if (scalar.kind() != Node.Kind.TEXT || !scalar.text().contains("${")) {
            return scalar;
        }
        int before = failures;
        String text = replace(scalar, path);
        return new Node.Scalar(scalar.origin(), failures == before ? Node.Kind.TEXT : Node.Kind.REPORTED, text);
    }

    private String replace(Node.Scalar scalar, String path) {
        Matcher matcher = REFERENCE.matcher(scalar.text());
        StringBuilder result = new StringBuilder();
        while (matcher.find()) {
            String replacement = matcher.group();
            if (replacement.startsWith("$$")) {
                replacement = replacement.substring(1);
            } else {
                replacement = value(matcher.group(1), scalar.origin(), path);
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(replacement));
        }
        return matcher.appendTail(result).toString();
    }

    private String value(String name, Origin origin, String path) {
        referenced.add(name);
        if (!VARIABLE.matcher(name).matches()) {
            failures++;
            String shown = Schema.isMasked(path) ? "what stands between ${ and }" : Excerpt.quote("${" + name + "}");
            problems.add(origin, path, shown + " does not name an environment variable; $${ stands for ${ itself");
            return "";
        }
        String value = environment.get(name);
        if (value == null) {
            failures++;
            problems.add(origin, path, "the environment variable " + Excerpt.line(name) + " is not set");
            return "";
        }
        return value;
    }
}
