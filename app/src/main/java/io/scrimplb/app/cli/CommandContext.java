package io.scrimplb.app.cli;

import io.scrimplb.app.config.ConfigException;
import io.scrimplb.app.config.ConfigLoader;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;

/** What every command needs of the world around it. */
record CommandContext(Runtimes runtimes, ConfigLoader loader, PrintWriter out, PrintWriter err) {
    LoadedConfig load(LoadRequest request) throws ConfigException {
        return loader.load(request);
    }

    /** Tells an operator what of the configuration has no effect. */
    void tell(LoadedConfig config) {
        config.notes().forEach(note -> LoggerFactory.getLogger(Main.class).warn(note));
    }
}
