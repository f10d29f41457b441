package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ObjectShape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Lays what one source says over what a weaker one says. */
final class Layers {
    private Layers() {}

    /** What the upper layer says, and below it what it is silent about. */
    static Node.Mapping lay(Node.Mapping upper, Node.Mapping lower) {
        return lay(Schema.ROOT, upper, dropForeignProviderConfig(upper, lower));
    }

    private static Node.Mapping lay(ObjectShape shape, Node.Mapping upper, Node.Mapping lower) {
        Map<String, Node.Entry> result = new LinkedHashMap<>(lower.entries());
        upper.entries().forEach((name, entry) -> {
            Optional<Key<?>> key =
                    shape.keys().stream().filter(known -> known.answersTo(name)).findFirst();
            Node.Entry below = lower.entries().get(name);
            // An alias in the file and the key's own name in the environment are the same key.
            key.ifPresent(known -> result.keySet().removeIf(known::answersTo));
            if (below != null
                    && below.value() instanceof Node.Mapping lowerObject
                    && entry.value() instanceof Node.Mapping upperObject
                    && key.isPresent()
                    && key.get().shape() instanceof ObjectShape inner) {
                result.put(name, new Node.Entry(entry.keyOrigin(), lay(inner, upperObject, lowerObject)));
            } else {
                result.put(name, entry);
            }
        });
        return new Node.Mapping(lower.origin(), result);
    }

    /** The keys of another provider than the one that now counts would only be unknown keys. */
    private static Node.Mapping dropForeignProviderConfig(Node.Mapping upper, Node.Mapping lower) {
        Optional<String> now = provider(upper);
        if (now.isEmpty() || provider(lower).map(now.get()::equalsIgnoreCase).orElse(true)) {
            return lower;
        }
        return without(lower, Schema.PROVIDER_CONFIG.name());
    }

    static Node.Mapping without(Node.Mapping mapping, String key) {
        Map<String, Node.Entry> entries = new LinkedHashMap<>(mapping.entries());
        entries.remove(key);
        return new Node.Mapping(mapping.origin(), entries);
    }

    private static Optional<String> provider(Node.Mapping mapping) {
        Node.Entry entry = mapping.entries().get(Schema.PROVIDER.name());
        return entry != null && entry.value() instanceof Node.Scalar scalar
                ? Optional.of(scalar.text())
                : Optional.empty();
    }
}
