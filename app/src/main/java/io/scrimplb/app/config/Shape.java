package io.scrimplb.app.config;

import java.util.List;

/**
 * What may stand behind a key.
 *
 * @param <T> what it is decoded to
 */
sealed interface Shape<T> permits ScalarType, Shape.ListShape, Shape.ObjectShape {
    /** How the reference page and messages call it. */
    String label();

    /**
     * Several of the same; a single scalar may stand without brackets.
     *
     * @param label what the list is of, in the plural
     */
    record ListShape<T>(String label, Shape<T> element) implements Shape<List<T>> {}

    /**
     * An object with known keys.
     *
     * @param implied true when its defaults apply although it is not written
     * @param keys in the order in which {@code config show} and the reference page list them
     */
    record ObjectShape(boolean implied, List<Key<?>> keys) implements Shape<Values> {
        public ObjectShape {
            keys = List.copyOf(keys);
        }

        static ObjectShape implied(Key<?>... keys) {
            return new ObjectShape(true, List.of(keys));
        }

        static ObjectShape optional(Key<?>... keys) {
            return new ObjectShape(false, List.of(keys));
        }

        @Override
        public String label() {
            return "object";
        }
    }
}
