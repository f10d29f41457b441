package io.scrimplb.app.cli;

import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.membership.Role;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code scrimp backend}. */
@Command(
        name = "backend",
        description = "Runs the agent on an application host: announces its applications to the load balancers.",
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        footer = {"", "Example:  scrimp backend --join 10.0.0.1 --app blog=8081,blog.example.com"})
final class BackendCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private final FileOption file = new FileOption();

    @Mixin
    private final BackendOptions options = new BackendOptions();

    @Mixin
    private final AdminOption admin = new AdminOption();

    BackendCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        LoadedConfig config = context.load(
                new LoadRequest(file.file(), Optional.of(Role.BACKEND), options.overrides(admin.address())));
        context.tell(config);
        return context.runtimes().runBackend(config);
    }
}
