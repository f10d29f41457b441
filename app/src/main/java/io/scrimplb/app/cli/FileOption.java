package io.scrimplb.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which file to read. */
final class FileOption {
    private final OptionSpec option = OptionSpec.builder("-c", "--config", "-config-file")
            .paramLabel("FILE")
            .type(Path.class)
            .description(
                    "JSON, or YAML by its ending. Without it: ./scrimp.json, ./scrimp.yaml, /etc/scrimplb/scrimp.json")
            .build();

    FileOption(CommandSpec command) {
        command.addOption(option);
    }

    Optional<Path> file() {
        return Optional.ofNullable(option.getValue());
    }
}
