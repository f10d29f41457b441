package io.scrimplb.app.cli;

import io.scrimplb.app.config.EffectiveValue;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code scrimp config show}. */
final class ConfigShowCommand implements Callable<Integer> {
    private final CommandContext context;
    private final CommandSpec spec;
    private final FileOption file;
    private final BackendOptions options;
    private final AdminOption admin;

    ConfigShowCommand(CommandContext context) {
        this.context = context;
        this.spec = CommandForm.of(
                "show",
                "Prints every value that counts and where it came from: a flag, the environment, the file, or the default."
                        + " Secrets are masked.",
                this,
                "",
                "Example:  SCRIMP_PORT=9990 scrimp config show -c scrimp.json");
        this.file = new FileOption(spec);
        this.options = new BackendOptions(spec);
        this.admin = new AdminOption(spec);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        LoadedConfig config =
                context.load(new LoadRequest(file.file(), Optional.empty(), options.overrides(admin.address())));
        PrintWriter out = context.out();
        out.println(config.file().map(path -> "# file: " + path).orElse("# no file: defaults, environment and flags"));
        for (EffectiveValue value : config.values()) {
            out.println(value);
        }
        config.notes().forEach(note -> out.println("# note: " + note));
        return ExitCode.OK;
    }
}
