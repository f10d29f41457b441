package io.scrimplb.app.cli;

import io.scrimplb.app.config.AdminConfig;
import io.scrimplb.app.config.HostPort;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.Overrides;
import io.scrimplb.app.config.ScrimpConfig;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code scrimp healthcheck}. */
final class HealthcheckCommand implements Callable<Integer> {
    private final CommandContext context;
    private final CommandSpec spec;
    private final FileOption file;
    private final AdminOption admin;

    HealthcheckCommand(CommandContext context) {
        this.context = context;
        this.spec = CommandForm.of(
                "healthcheck",
                "Asks the process on this machine whether it is ready; exit code 0 if so, else 1.",
                this,
                "",
                "Example:  HEALTHCHECK CMD java -jar scrimp-proxy.jar healthcheck");
        this.file = new FileOption(spec);
        this.admin = new AdminOption(spec);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        LoadedConfig loaded = context.load(
                new LoadRequest(file.file(), Optional.empty(), new Overrides(List.of(), List.of(), admin.address())));
        List<HostPort> addresses = addresses(loaded.config());
        if (addresses.isEmpty()) {
            throw new CommandFailure(ExitCode.FAILURE, "admin-address is off, so readiness cannot be asked for");
        }
        ReadinessProbe probe = new ReadinessProbe(loaded.config().admin().token());
        ReadinessProbe.Answer last = new ReadinessProbe.Answer(false, false, "nobody was asked");
        for (HostPort address : addresses) {
            last = probe.ask(address);
            if (last.answered()) {
                break;
            }
        }
        (last.ready() ? context.out() : context.err()).println(last.line());
        return last.ready() ? ExitCode.OK : ExitCode.FAILURE;
    }

    private static List<HostPort> addresses(ScrimpConfig config) {
        AdminConfig admin = config.admin();
        if (admin.off()) {
            return List.of();
        }
        Optional<HostPort> known = admin.address().or(() -> config.role().flatMap(admin::addressFor));
        return known.map(List::of).orElse(List.of(AdminConfig.LOAD_BALANCER_DEFAULT, AdminConfig.BACKEND_DEFAULT));
    }
}
