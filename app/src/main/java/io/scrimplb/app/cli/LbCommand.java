package io.scrimplb.app.cli;

import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.Overrides;
import io.scrimplb.membership.Role;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code scrimp lb}. */
@Command(
        name = "lb",
        description = "Runs a load balancer. With no file at all it starts on defaults.",
        mixinStandardHelpOptions = true,
        versionProvider = ManifestVersion.class,
        footer = {"", "Example:  scrimp lb -c /etc/scrimplb/scrimp.json"})
final class LbCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private final FileOption file = new FileOption();

    @Mixin
    private final AdminOption admin = new AdminOption();

    LbCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Overrides overrides = new Overrides(List.of(), List.of(), admin.address());
        LoadedConfig config = context.load(new LoadRequest(file.file(), Optional.of(Role.LOAD_BALANCER), overrides));
        context.tell(config);
        return context.runtimes().runLoadBalancer(config);
    }
}
