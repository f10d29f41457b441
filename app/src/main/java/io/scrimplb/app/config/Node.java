package io.scrimplb.app.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a source says, before anybody has looked at its meaning; every part knows where it was written. */
sealed interface Node {
    Origin origin();

    /** How the thing is called in a message. */
    String label();

    /** What a scalar was written as. */
    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        NULL,
        /** Its problem has been reported; nothing more is to be said about it. */
        REPORTED
    }

    /**
     * One word.
     *
     * @param text as written, without quotes
     */
    record Scalar(Origin origin, Kind kind, String text) implements Node {
        @Override
        public String label() {
            return kind == Kind.TEXT ? Excerpt.quote(text) : Excerpt.line(text);
        }
    }

    /** A list. */
    record Sequence(Origin origin, List<Node> elements) implements Node {
        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public String label() {
            return "a list";
        }
    }

    /**
     * An object.
     *
     * @param entries in the order written
     */
    record Mapping(Origin origin, Map<String, Entry> entries) implements Node {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        static Mapping empty(Origin origin) {
            return new Mapping(origin, Map.of());
        }

        @Override
        public String label() {
            return "an object";
        }
    }

    /** A key's place and its value. */
    record Entry(Origin keyOrigin, Node value) {}
}
