package io.scrimplb.app.config;

import java.util.List;
import java.util.Optional;

/**
 * One key of an object.
 *
 * @param defaultText its default as one would write it (lists separated by commas); empty for none
 * @param required whether the object is useless without it
 * @param secret whether its value is masked wherever it is shown
 * @param doc what it is for, one sentence
 * @param aliases other spellings that are read
 * @param <T> what its value is decoded to
 */
record Key<T>(
        String name,
        Shape<T> shape,
        Optional<String> defaultText,
        boolean required,
        boolean secret,
        String doc,
        List<String> aliases) {
    static <T> Key<T> of(String name, Shape<T> shape, String doc) {
        return new Key<>(name, shape, Optional.empty(), false, false, doc, List.of());
    }

    Key<T> orElse(String text) {
        return new Key<>(name, shape, Optional.of(text), required, secret, doc, aliases);
    }

    Key<T> needed() {
        return new Key<>(name, shape, defaultText, true, secret, doc, aliases);
    }

    Key<T> optional() {
        return new Key<>(name, shape, defaultText, false, secret, doc, aliases);
    }

    Key<T> masked() {
        return new Key<>(name, shape, defaultText, required, true, doc, aliases);
    }

    Key<T> alias(String... others) {
        return new Key<>(name, shape, defaultText, required, secret, doc, List.of(others));
    }

    boolean answersTo(String written) {
        return name.equals(written) || aliases.contains(written);
    }
}
