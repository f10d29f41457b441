package io.scrimplb.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scrimp demo}. */
@Command(
        name = "demo",
        description = "Runs one load balancer and two backends with a tiny application each, on loopback.",
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        footer = {"", "Example:  scrimp demo", "It prints what to try; Ctrl-C ends it."})
final class DemoCommand implements Callable<Integer> {
    private final CommandContext context;

    DemoCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        return context.runtimes().runDemo();
    }
}
