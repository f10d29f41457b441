package io.scrimplb.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code scrimp} without a command: help, version, or the advice to name one. */
@Command(
        name = "scrimp",
        description = "A load balancer whose backends announce themselves.",
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Try it:      scrimp demo",
            "Two hosts:   scrimp lb",
            "             scrimp backend --join 10.0.0.1 --app blog=8081,blog.example.com",
            "",
            "Every key of the configuration can be set in the environment too, such as SCRIMP_PORT=9999.",
            "Exit codes:  0 fine, 1 failed, 2 usage, 3 configuration, 4 a port is taken or not permitted"
        })
final class ScrimpCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do: lb, backend, demo, validate, config show or healthcheck");
    }
}
