package io.scrimplb.app.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Turns the text of a JSON (with comments) or YAML source into a tree. What is wrong with the syntax is added to the
 * problems; keys that stand twice are too, and the rest of the document is read on. Not thread-safe.
 */
final class DocumentParser {
    /** Deeper than any sensible file; it keeps the recursion of the readers flat. */
    static final int MAX_DEPTH = 50;

    private static final Pattern UNQUOTED = Pattern.compile("Unrecognized token '.*?'(?=: |$)");

    private final String name;
    private final Problems problems;

    DocumentParser(String name, Problems problems) {
        this.name = name;
        this.problems = problems;
    }

    /** By the ending of the name: {@code .yaml} and {@code .yml} are YAML, all else is JSON. */
    static boolean isYaml(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml");
    }

    /** The document's tree; empty when it could not be read, which the problems then say. */
    Optional<Node> parse(String text, boolean yaml) {
        JsonFactory factory = yaml
                ? new YAMLFactory()
                : new JsonFactoryBuilder()
                        .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                        .build();
        try (JsonParser parser = factory.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                problems.add(
                        new Origin.InFile(name, 1, 1),
                        "",
                        yaml ? "the file is empty" : "the file is empty; the least is {}");
                return Optional.empty();
            }
            Node root = node(parser, 1);
            if (parser.nextToken() != null) {
                problems.add(here(parser), "", "one document is enough; nothing may follow its end");
                return Optional.empty();
            }
            return Optional.of(root);
        } catch (TooDeep deep) {
            problems.add(deep.origin, "", "nested deeper than " + MAX_DEPTH + " levels");
            return Optional.empty();
        } catch (JsonProcessingException bad) {
            problems.add(at(bad.getLocation()), "", "not valid " + (yaml ? "YAML" : "JSON") + ": " + reason(bad));
            return Optional.empty();
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory failed", impossible);
        }
    }

    private Node node(JsonParser parser, int depth) throws IOException {
        Origin origin = here(parser);
        if (depth > MAX_DEPTH) {
            throw new TooDeep(origin);
        }
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            // Not by its name: a secret that begins with a star looks like one.
            problems.add(origin, "", "aliases (*name) are not supported; write the value, in quotes if it is a text");
            return new Node.Scalar(origin, Node.Kind.REPORTED, "");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(parser, origin, depth);
            case START_ARRAY -> sequence(parser, origin, depth);
            case VALUE_NULL -> new Node.Scalar(origin, Node.Kind.NULL, "null");
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Scalar(origin, Node.Kind.NUMBER, parser.getText());
            // YAML 1.1 takes 'off' for a boolean; here it is a word that some keys know.
            case VALUE_TRUE, VALUE_FALSE ->
                new Node.Scalar(
                        origin,
                        parser.getText().toLowerCase(Locale.ROOT).matches("true|false")
                                ? Node.Kind.BOOLEAN
                                : Node.Kind.TEXT,
                        parser.getText());
            default -> new Node.Scalar(origin, Node.Kind.TEXT, parser.getText());
        };
    }

    private Node mapping(JsonParser parser, Origin origin, int depth) throws IOException {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            Origin keyOrigin = here(parser);
            parser.nextToken();
            Node value = node(parser, depth + 1);
            Node.Entry earlier = entries.putIfAbsent(key, new Node.Entry(keyOrigin, value));
            if (earlier != null) {
                problems.add(
                        keyOrigin,
                        Excerpt.line(key),
                        "stands twice in the same object, first at " + earlier.keyOrigin());
            }
        }
        return new Node.Mapping(origin, entries);
    }

    private Node sequence(JsonParser parser, Origin origin, int depth) throws IOException {
        List<Node> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(node(parser, depth + 1));
        }
        return new Node.Sequence(origin, elements);
    }

    private Origin here(JsonParser parser) {
        return at(parser.currentTokenLocation());
    }

    private Origin at(JsonLocation location) {
        return new Origin.InFile(name, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }

    /** The parser's own words, up to the first line's end; the libraries add context over several lines. */
    private static String reason(JsonProcessingException bad) {
        if (bad.getCause() instanceof org.yaml.snakeyaml.error.MarkedYAMLException marked
                && marked.getProblem() != null) {
            return marked.getProblem().lines().findFirst().orElse("unreadable");
        }
        String message = bad.getOriginalMessage();
        if (message == null) {
            return "unreadable";
        }
        // The token may be a secret that lacks its quotes.
        return UNQUOTED.matcher(message.lines().findFirst().orElse("unreadable").strip())
                .replaceFirst("a word without quotes");
    }

    /** Leaves the recursion. */
    private static final class TooDeep extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Origin origin;

        TooDeep(Origin origin) {
            super("too deep", null);
            this.origin = origin;
        }
    }
}
