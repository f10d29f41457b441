package io.scrimplb.app.cli;

import java.util.function.Supplier;
import picocli.CommandLine.TypeConversionException;

/** Turns a complaint about a flag's value into the one that the command line's parser reports. */
final class Flags {
    private Flags() {}

    static <T> T checked(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException bad) {
            throw new TypeConversionException(OneLine.of(bad));
        }
    }
}
