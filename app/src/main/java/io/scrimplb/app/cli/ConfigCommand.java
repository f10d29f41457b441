package io.scrimplb.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code scrimp config}, which only holds further commands. */
final class ConfigCommand implements Callable<Integer> {
    private final CommandSpec spec;

    ConfigCommand(CommandContext context) {
        this.spec = CommandForm.of(
                "config", "Looks at the configuration.", this, "", "Example:  scrimp config show -c scrimp.json");
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        spec.addSubcommand("show", new ConfigShowCommand(context).spec());
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do with it: config show");
    }
}
