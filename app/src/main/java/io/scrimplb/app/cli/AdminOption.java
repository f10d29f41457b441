package io.scrimplb.app.cli;

import io.scrimplb.app.config.Overrides;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Where health, metrics and API are served. */
final class AdminOption {
    private final OptionSpec option = OptionSpec.builder("--admin-address")
            .paramLabel("HOST:PORT")
            .type(String.class)
            .converters(CommandForm.checked(Overrides::parseAdminAddress))
            .description("Where health and metrics are served, or 'off'")
            .build();

    AdminOption(CommandSpec command) {
        command.addOption(option);
    }

    Optional<String> address() {
        return Optional.ofNullable(option.getValue());
    }
}
