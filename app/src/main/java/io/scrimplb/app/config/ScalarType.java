package io.scrimplb.app.config;

/**
 * A value that is written as one word. A class and not a record: it is compared by identity, and the methods of a record
 * take their time to be made when the program starts.
 *
 * @param <T> what it is decoded to
 */
final class ScalarType<T> implements Shape<T> {
    private final String label;
    private final Parser<T> parser;

    /** The label is how messages and the reference page call it; the parser goes from the text to the value. */
    ScalarType(String label, Parser<T> parser) {
        this.label = label;
        this.parser = parser;
    }

    @Override
    public String label() {
        return label;
    }

    Parser<T> parser() {
        return parser;
    }

    /** Decodes a text. */
    interface Parser<T> {
        /**
         * The value that a text stands for.
         *
         * @throws BadValueException saying what is wanted
         */
        T parse(String text) throws BadValueException;
    }
}
