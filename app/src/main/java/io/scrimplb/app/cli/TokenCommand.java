package io.scrimplb.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code scrimp token}, which only holds further commands. */
final class TokenCommand implements Callable<Integer> {
    private final CommandSpec spec;

    TokenCommand(CommandContext context) {
        this.spec = CommandForm.of(
                "token",
                "Makes tokens by which backends join without the cluster secret.",
                this,
                "",
                "Example:  scrimp token create --domains '*.example.com' --ttl 1h");
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        spec.addSubcommand("create", new TokenCreateCommand(context).spec());
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do with it: token create");
    }
}
