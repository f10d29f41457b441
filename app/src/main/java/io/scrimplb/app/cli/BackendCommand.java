package io.scrimplb.app.cli;

import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.membership.Role;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code scrimp backend}. */
final class BackendCommand implements Callable<Integer> {
    private final CommandContext context;
    private final CommandSpec spec;
    private final FileOption file;
    private final BackendOptions options;
    private final AdminOption admin;

    BackendCommand(CommandContext context) {
        this.context = context;
        this.spec = CommandForm.of(
                "backend",
                "Runs the agent on an application host: announces its applications to the load balancers.",
                this,
                "",
                "Example:  scrimp backend --join 10.0.0.1 --app blog=8081,blog.example.com");
        this.file = new FileOption(spec);
        this.options = new BackendOptions(spec);
        this.admin = new AdminOption(spec);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        context.runtimes().prepare();
        LoadedConfig config = context.load(
                new LoadRequest(file.file(), Optional.of(Role.BACKEND), options.overrides(admin.address())));
        context.tell(config);
        return context.runtimes().runBackend(config);
    }
}
