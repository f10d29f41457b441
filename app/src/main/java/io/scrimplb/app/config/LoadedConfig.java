package io.scrimplb.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration that can be used.
 *
 * @param file which file it came from; empty when there was none
 * @param values every value with its origin, secrets masked, in the schema's order
 * @param notes what is read and has no effect, one line each
 * @param environment what references in application files are resolved with
 * @param source loads the same again
 */
public record LoadedConfig(
        ScrimpConfig config,
        Optional<Path> file,
        List<EffectiveValue> values,
        List<String> notes,
        Map<String, String> environment,
        ConfigSource source) {
    public LoadedConfig {
        values = List.copyOf(values);
        notes = List.copyOf(notes);
        environment = Map.copyOf(environment);
    }

    /** Leaves the environment out: it holds secrets. */
    @Override
    public String toString() {
        return "LoadedConfig[config=" + config + ", file=" + file + ", notes=" + notes + "]";
    }
}
