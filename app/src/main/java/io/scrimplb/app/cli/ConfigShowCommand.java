package io.scrimplb.app.cli;

import io.scrimplb.app.config.EffectiveValue;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code scrimp config show}. */
@Command(
        name = "show",
        description = {
            "Prints every value that counts and where it came from: a flag, the environment, the file, or"
                    + " the default. Secrets are masked."
        },
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        footer = {"", "Example:  SCRIMP_PORT=9990 scrimp config show -c scrimp.json"})
final class ConfigShowCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private final FileOption file = new FileOption();

    @Mixin
    private final BackendOptions options = new BackendOptions();

    @Mixin
    private final AdminOption admin = new AdminOption();

    ConfigShowCommand(CommandContext context) {
        this.context = context;
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
