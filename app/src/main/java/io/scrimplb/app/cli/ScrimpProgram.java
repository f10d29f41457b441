package io.scrimplb.app.cli;

import io.scrimplb.app.config.ConfigException;
import io.scrimplb.app.config.ConfigLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** Runs one command line. Every way out is an exit code and, when it failed, a line or two on standard error. */
final class ScrimpProgram {
    private static final String DEBUG_VARIABLE = "SCRIMP_DEBUG";

    private final CommandContext context;
    private final boolean debug;

    ScrimpProgram(Runtimes runtimes, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        this(runtimes, environment, ConfigLoader.SEARCH_PATH, out, err);
    }

    ScrimpProgram(
            Runtimes runtimes,
            Map<String, String> environment,
            List<Path> searchPath,
            PrintWriter out,
            PrintWriter err) {
        this.context = new CommandContext(runtimes, new ConfigLoader(environment, searchPath), out, err);
        this.debug = !List.of("", "0", "false").contains(environment.getOrDefault(DEBUG_VARIABLE, ""));
    }

    int run(String... args) {
        return commandLine().execute(args);
    }

    private CommandLine commandLine() {
        CommandLine program = new CommandLine(new ScrimpCommand())
                .addSubcommand(new LbCommand(context))
                .addSubcommand(new BackendCommand(context))
                .addSubcommand(new DemoCommand(context))
                .addSubcommand(new ValidateCommand(context))
                .addSubcommand(new CommandLine(new ConfigCommand()).addSubcommand(new ConfigShowCommand(context)))
                .addSubcommand(new HealthcheckCommand(context))
                .addSubcommand(new CommandLine.HelpCommand());
        program.setOut(context.out());
        program.setErr(context.err());
        // Otherwise -config-fil would be -c with the value onfig-fil.
        program.setPosixClusteredShortOptionsAllowed(false);
        program.setParameterExceptionHandler(new UsageErrors());
        program.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
        return program;
    }

    private int report(Exception failure) {
        if (debug) {
            failure.printStackTrace(context.err());
        }
        if (failure instanceof ConfigException config) {
            config.problems().forEach(context.err()::println);
            return ExitCode.CONFIGURATION;
        }
        if (failure instanceof CommandFailure known) {
            context.err().println("scrimp: " + known.getMessage());
            return known.exitCode();
        }
        context.err()
                .println("scrimp: internal error: " + OneLine.of(failure)
                        + (debug ? "" : "; " + DEBUG_VARIABLE + "=1 shows where"));
        return ExitCode.FAILURE;
    }
}
