package io.scrimplb.app.cli;

import io.scrimplb.app.config.ConfigException;
import io.scrimplb.app.config.ConfigLoader;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/**
 * What every command needs of the world around it.
 *
 * @param interactive whether a person reads along, and not another program
 */
record CommandContext(
        Runtimes runtimes, ConfigLoader loader, PrintWriter out, PrintWriter err, BooleanSupplier interactive) {
    LoadedConfig load(LoadRequest request) throws ConfigException {
        return loader.load(request);
    }

    /** Tells a person what to do next, beside the output that another program might read. */
    void hint(String text) {
        if (interactive.getAsBoolean()) {
            err.println(text);
        }
    }

    /** Tells an operator what of the configuration has no effect. */
    void tell(LoadedConfig config) {
        config.notes().forEach(note -> LoggerFactory.getLogger(Main.class).warn(note));
    }
}
