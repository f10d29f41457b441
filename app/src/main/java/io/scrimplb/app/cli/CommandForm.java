package io.scrimplb.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * What the descriptions of all commands share. They are built by calls and not by annotations: reading those would take
 * longer than all the rest of a command's start.
 */
final class CommandForm {
    private CommandForm() {}

    /** A command with its help and version flags. */
    static CommandSpec of(String name, String description, Callable<Integer> action, String... footer) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(action).name(name);
        spec.versionProvider(new ManifestVersion());
        spec.usageMessage().description(description).footer(footer);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help")
                .build());
        spec.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Shows the version")
                .build());
        return spec;
    }

    /** A converter that passes on the complaint of a parser as the command line's own. */
    static <T> ITypeConverter<T> checked(Parser<T> parser) {
        return text -> {
            try {
                return parser.parse(text);
            } catch (IllegalArgumentException bad) {
                throw new TypeConversionException(OneLine.of(bad));
            }
        };
    }

    /** From a flag's value to what it means. */
    interface Parser<T> {
        /**
         * The meaning of the text.
         *
         * @throws IllegalArgumentException with one line that says what is wrong
         */
        T parse(String text);
    }
}
