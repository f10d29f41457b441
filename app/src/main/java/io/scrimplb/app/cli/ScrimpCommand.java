package io.scrimplb.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code scrimp} without a command: help, version, or the advice to name one. */
final class ScrimpCommand implements Callable<Integer> {
    private final CommandSpec spec;

    ScrimpCommand() {
        this.spec = CommandForm.of(
                "scrimp",
                "A load balancer whose backends announce themselves.",
                this,
                "",
                "Try it:      scrimp demo",
                "Two hosts:   scrimp lb",
                "             scrimp backend --join 10.0.0.1 --app blog=8081,blog.example.com",
                "",
                "Every key of the configuration can be set in the environment too, such",
                "as SCRIMP_PORT=9999.",
                "Exit codes:  0 fine, 1 failed, 2 usage, 3 configuration,",
                "             4 a port is taken or not permitted");
        spec.usageMessage().synopsisSubcommandLabel("COMMAND").commandListHeading("%nCommands:%n");
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do: lb, backend, demo, validate, config show, secret, token create or healthcheck");
    }
}
