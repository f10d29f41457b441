package io.scrimplb.app.cli;

import io.scrimplb.app.config.ApplicationFlag;
import io.scrimplb.app.config.Overrides;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What a backend can be told without a file. */
final class BackendOptions {
    private final OptionSpec join = OptionSpec.builder("--join")
            .paramLabel("HOST[:PORT]")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .converters(CommandForm.checked(Overrides::parseJoin))
            .description("Load balancer to join; may be given several times. Port 9999 if not said")
            .build();
    private final OptionSpec applications = OptionSpec.builder("--app")
            .paramLabel("NAME=PORT[,domain...]")
            .type(List.class)
            .auxiliaryTypes(ApplicationFlag.class)
            .converters(CommandForm.checked(ApplicationFlag::parse))
            .description(
                    "Application to announce; may be given several times. A domain may carry the port to listen at,"
                            + " after an @")
            .build();

    BackendOptions(CommandSpec command) {
        command.addOption(join);
        command.addOption(applications);
    }

    Overrides overrides(Optional<String> adminAddress) {
        return new Overrides(values(join), values(applications), adminAddress);
    }

    private static <T> List<T> values(OptionSpec option) {
        List<T> values = option.getValue();
        return values == null ? List.of() : values;
    }
}
