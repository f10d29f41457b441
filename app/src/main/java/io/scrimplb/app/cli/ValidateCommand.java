package io.scrimplb.app.cli;

import io.scrimplb.app.config.ApplicationDirectory;
import io.scrimplb.app.config.CertificateFiles;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.Overrides;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code scrimp validate}. */
final class ValidateCommand implements Callable<Integer> {
    private final CommandContext context;
    private final CommandSpec spec;
    private final FileOption file;

    ValidateCommand(CommandContext context) {
        this.context = context;
        this.spec = CommandForm.of(
                "validate",
                "Checks a configuration file without starting anything, with the files it names.",
                this,
                "",
                "Example:  scrimp validate -c scrimp.json",
                "Exit code 0 when it can be used, 3 when not.");
        this.file = new FileOption(spec);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        Optional<Path> found = context.loader().find(file.file());
        if (found.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.CONFIGURATION,
                    "no configuration file in the usual places; name one: scrimp validate -c FILE");
        }
        LoadedConfig config = load(found);
        List<String> notes = new ArrayList<>(config.notes());
        List<String> problems = new ArrayList<>();
        CertificateFiles.Check certificates = CertificateFiles.check(config, Instant.now());
        certificates.problems().forEach(problem -> problems.add(problem.toString()));
        notes.addAll(certificates.notes());
        config.config().backend().applicationConfigDir().ifPresent(directory -> {
            ApplicationDirectory.Reading reading = new ApplicationDirectory(directory, config.environment()).read();
            reading.problems().forEach(problem -> problems.add(problem.toString()));
            notes.addAll(reading.notes());
        });
        if (!problems.isEmpty()) {
            problems.forEach(context.err()::println);
            return ExitCode.CONFIGURATION;
        }
        context.out().println(found.get() + ": ok");
        notes.forEach(note -> context.out().println("note: " + note));
        return ExitCode.OK;
    }

    /** The file is checked for the role it names; without one, only for what holds for both. */
    private LoadedConfig load(Optional<Path> found) throws Exception {
        LoadedConfig config = context.load(new LoadRequest(found, Optional.empty(), Overrides.NONE));
        return config.config().role().isEmpty()
                ? config
                : context.load(new LoadRequest(found, config.config().role(), Overrides.NONE));
    }
}
