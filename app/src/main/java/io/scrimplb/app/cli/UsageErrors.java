package io.scrimplb.app.cli;

import io.scrimplb.app.config.Suggestion;
import java.io.PrintWriter;
import java.util.Collection;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells in two lines what is wrong with a command line: the fault, and where to read on. */
final class UsageErrors implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("scrimp: " + message(failure, command));
        err.println("try '" + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitCode.USAGE;
    }

    private static String message(ParameterException failure, CommandLine command) {
        if (failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            boolean flag = word.startsWith("-");
            if (!flag && command.getSubcommands().isEmpty()) {
                return "'" + clean(word) + "' is one word too many for '"
                        + command.getCommandSpec().qualifiedName() + "'";
            }
            return flag ? unknownFlag(word, command) : unknownCommand(word, command);
        }
        return OneLine.of(failure);
    }

    private static String unknownCommand(String word, CommandLine command) {
        return "unknown command '" + clean(word) + "'"
                + hint(word, command.getSubcommands().keySet());
    }

    private static String unknownFlag(String word, CommandLine command) {
        String flag = word.indexOf('=') > 0 ? word.substring(0, word.indexOf('=')) : word;
        boolean ofSubcommand = command.getSubcommands().values().stream()
                .anyMatch(sub -> sub.getCommandSpec().optionsMap().containsKey(flag));
        if (ofSubcommand) {
            return "the flag '" + clean(flag) + "' comes after a command";
        }
        return "unknown flag '" + clean(flag) + "'"
                + hint(flag, command.getCommandSpec().optionsMap().keySet());
    }

    private static String hint(String word, Collection<String> known) {
        return Suggestion.closest(word, known)
                .map(found -> " (did you mean '" + found + "'?)")
                .orElse("");
    }

    private static String clean(String word) {
        return word.replaceAll("\\p{Cntrl}", "?");
    }
}
