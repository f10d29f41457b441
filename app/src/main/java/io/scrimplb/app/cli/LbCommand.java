package io.scrimplb.app.cli;

import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.Overrides;
import io.scrimplb.membership.Role;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code scrimp lb}. */
final class LbCommand implements Callable<Integer> {
    private final CommandContext context;
    private final CommandSpec spec;
    private final FileOption file;
    private final AdminOption admin;

    LbCommand(CommandContext context) {
        this.context = context;
        this.spec = CommandForm.of(
                "lb",
                "Runs a load balancer. With no file at all it starts on defaults.",
                this,
                "",
                "Example:  scrimp lb -c /etc/scrimplb/scrimp.json");
        this.file = new FileOption(spec);
        this.admin = new AdminOption(spec);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        context.runtimes().prepare();
        Overrides overrides = new Overrides(List.of(), List.of(), admin.address());
        LoadedConfig config = context.load(new LoadRequest(file.file(), Optional.of(Role.LOAD_BALANCER), overrides));
        context.tell(config);
        return context.runtimes().runLoadBalancer(config);
    }
}
