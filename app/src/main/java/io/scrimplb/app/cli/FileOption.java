package io.scrimplb.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which file to read. */
final class FileOption {
    @Option(
            names = {"-c", "--config", "-config-file"},
            paramLabel = "FILE",
            description = {
                "JSON, or YAML by its ending. Without it: ./scrimp.json, ./scrimp.yaml, /etc/scrimplb/scrimp.json"
            })
    private @Nullable Path file;

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
