package io.scrimplb.app.cli;

import io.scrimplb.app.config.LoadedConfig;

/**
 * What the commands run. Each call lasts as long as the process does and returns an exit code of {@link ExitCode}. A
 * failure that the user can mend is a {@link CommandFailure}; any other exception counts as a bug.
 */
public interface Runtimes {
    /** Begins to load what the next call will need, while the configuration is read. Returns at once. */
    default void prepare() {}

    /** Runs a load balancer until it has drained. */
    int runLoadBalancer(LoadedConfig config) throws Exception;

    /** Runs the agent of an application host until it has left the cluster. */
    int runBackend(LoadedConfig config) throws Exception;

    /** Runs a load balancer and two backends in this process, on loopback. */
    int runDemo() throws Exception;
}
