package io.scrimplb.seed;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The process's environment, handed in so that a test can bring its own. */
@FunctionalInterface
public interface Environment {
    /** The variable's value, or null when it is not set. */
    @Nullable
    String variable(String name);

    /** The variable's value; empty when it is not set or blank. */
    default Optional<String> get(String name) {
        String value = variable(name);
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }

    /** That of this process. */
    static Environment system() {
        return System::getenv;
    }
}
