package io.scrimplb.app.cli;

import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.demo.Demo;
import io.scrimplb.app.runtime.Backend;
import io.scrimplb.app.runtime.Lifecycle;
import io.scrimplb.app.runtime.ListenDefaults;
import io.scrimplb.app.runtime.LoadBalancer;
import io.scrimplb.app.runtime.RunningRole;
import io.scrimplb.app.runtime.StartException;
import io.scrimplb.membership.jgroups.JGroupsMembership;
import java.io.PrintWriter;

/** What the commands run in the product: a role, until a signal ends it. */
final class ProductRuntimes implements Runtimes {
    private final PrintWriter out;

    ProductRuntimes(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void prepare() {
        JGroupsMembership.prepare();
    }

    @Override
    public int runLoadBalancer(LoadedConfig config) {
        return run(() -> LoadBalancer.start(
                config,
                ListenDefaults.ofThisMachine(config.config().loadBalancer().tls())));
    }

    @Override
    public int runBackend(LoadedConfig config) {
        return run(() -> Backend.start(config));
    }

    @Override
    public int runDemo() {
        return run(() -> Demo.start(out));
    }

    private static int run(Starter starter) {
        // Before the start, which a signal may interrupt too.
        Lifecycle lifecycle = Lifecycle.install();
        try {
            lifecycle.await(starter.start());
            return ExitCode.OK;
        } catch (StartException e) {
            throw new CommandFailure(
                    switch (e.kind()) {
                        case FAILED -> ExitCode.FAILURE;
                        case CONFIGURATION -> ExitCode.CONFIGURATION;
                        case PORT -> ExitCode.PORT;
                    },
                    String.valueOf(e.getMessage()));
        }
    }

    @FunctionalInterface
    private interface Starter {
        RunningRole start() throws StartException;
    }
}
