package io.scrimplb.app.config;

/**
 * A value that is written as one word.
 *
 * @param label how messages and the reference page call it
 * @param parser from the text to the value
 * @param <T> what it is decoded to
 */
record ScalarType<T>(String label, Parser<T> parser) implements Shape<T> {
    /** Decodes a text. */
    interface Parser<T> {
        /** @throws BadValueException saying what is wanted */
        T parse(String text) throws BadValueException;
    }
}
