package io.scrimplb.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code scrimp demo}. */
final class DemoCommand implements Callable<Integer> {
    private final CommandContext context;
    private final CommandSpec spec;

    DemoCommand(CommandContext context) {
        this.context = context;
        this.spec = CommandForm.of(
                "demo",
                "Runs one load balancer and two backends with a tiny application each, on loopback.",
                this,
                "",
                "Example:  scrimp demo",
                "It prints what to try; Ctrl-C ends it.");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        return context.runtimes().runDemo();
    }
}
