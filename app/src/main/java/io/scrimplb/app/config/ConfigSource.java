package io.scrimplb.app.config;

/** Where a configuration was loaded from, so that it can be loaded again. */
@FunctionalInterface
public interface ConfigSource {
    /**
     * Reads everything anew.
     *
     * @throws ConfigException when it cannot be used; what runs is best left as it is
     */
    LoadedConfig load() throws ConfigException;
}
