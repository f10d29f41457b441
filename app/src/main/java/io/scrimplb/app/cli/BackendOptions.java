package io.scrimplb.app.cli;

import io.scrimplb.app.config.ApplicationFlag;
import io.scrimplb.app.config.Overrides;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** What a backend can be told without a file. */
final class BackendOptions {
    @Option(
            names = "--join",
            paramLabel = "HOST[:PORT]",
            converter = JoinConverter.class,
            description = "Load balancer to join; may be given several times. Port 9999 if not said")
    private List<String> join = new ArrayList<>();

    @Option(
            names = "--app",
            paramLabel = "NAME=PORT[,domain...]",
            converter = ApplicationConverter.class,
            description = "Application to announce; may be given several times. A domain may name the port to listen"
                    + " at: blog.example.com@8443")
    private List<ApplicationFlag> applications = new ArrayList<>();

    Overrides overrides(Optional<String> adminAddress) {
        return new Overrides(join, applications, adminAddress);
    }

    static final class JoinConverter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return Flags.checked(() -> Overrides.parseJoin(value));
        }
    }

    static final class ApplicationConverter implements ITypeConverter<ApplicationFlag> {
        @Override
        public ApplicationFlag convert(String value) {
            return Flags.checked(() -> ApplicationFlag.parse(value));
        }
    }
}
