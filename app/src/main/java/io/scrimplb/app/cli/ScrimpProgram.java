package io.scrimplb.app.cli;

import io.scrimplb.app.config.ConfigException;
import io.scrimplb.app.config.ConfigLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Runs one command line. Every way out is an exit code and, when it failed, a line or two on standard error. */
final class ScrimpProgram {
    private static final String DEBUG_VARIABLE = "SCRIMP_DEBUG";

    private final CommandContext context;
    private final boolean debug;

    ScrimpProgram(
            Runtimes runtimes,
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            BooleanSupplier interactive) {
        this(runtimes, environment, ConfigLoader.SEARCH_PATH, out, err, interactive);
    }

    ScrimpProgram(
            Runtimes runtimes,
            Map<String, String> environment,
            List<Path> searchPath,
            PrintWriter out,
            PrintWriter err,
            BooleanSupplier interactive) {
        this.context = new CommandContext(runtimes, new ConfigLoader(environment, searchPath), out, err, interactive);
        this.debug = !List.of("", "0", "false").contains(environment.getOrDefault(DEBUG_VARIABLE, ""));
    }

    int run(String... args) {
        try {
            return commandLine(args.length == 0 ? "" : args[0]).execute(args);
        } catch (RuntimeException | Error failure) {
            // The parser reports exceptions of a command and lets errors through; a damaged jar is one.
            return report(failure);
        }
    }

    /**
     * Only the command that is asked for is described to the parser, since each costs some milliseconds of every start;
     * all are when the first word is none of them, for help and suggestions.
     */
    private CommandLine commandLine(String first) {
        Map<String, Supplier<CommandSpec>> commands = commands();
        CommandSpec top = new ScrimpCommand().spec();
        if (commands.containsKey(first)) {
            top.addSubcommand(first, commands.get(first).get());
        } else {
            commands.forEach((name, command) -> top.addSubcommand(name, command.get()));
            top.addSubcommand("help", new CommandLine(new CommandLine.HelpCommand()));
        }
        CommandLine program = new CommandLine(top);
        program.setOut(context.out());
        program.setErr(context.err());
        // Otherwise -config-fil would be -c with the value onfig-fil.
        program.setPosixClusteredShortOptionsAllowed(false);
        program.setParameterExceptionHandler(new UsageErrors());
        program.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
        return program;
    }

    private Map<String, Supplier<CommandSpec>> commands() {
        Map<String, Supplier<CommandSpec>> commands = new LinkedHashMap<>();
        commands.put("lb", () -> new LbCommand(context).spec());
        commands.put("backend", () -> new BackendCommand(context).spec());
        commands.put("demo", () -> new DemoCommand(context).spec());
        commands.put("validate", () -> new ValidateCommand(context).spec());
        commands.put("config", () -> new ConfigCommand(context).spec());
        commands.put("secret", () -> new SecretCommand(context).spec());
        commands.put("token", () -> new TokenCommand(context).spec());
        commands.put("healthcheck", () -> new HealthcheckCommand(context).spec());
        return commands;
    }

    private int report(Throwable failure) {
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
