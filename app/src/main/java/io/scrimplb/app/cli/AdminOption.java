package io.scrimplb.app.cli;

import io.scrimplb.app.config.Overrides;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Where health, metrics and API are served. */
final class AdminOption {
    @Option(
            names = "--admin-address",
            paramLabel = "HOST:PORT",
            converter = Converter.class,
            description = "Where health and metrics are served, or 'off'")
    private @Nullable String address;

    Optional<String> address() {
        return Optional.ofNullable(address);
    }

    static final class Converter implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            return Flags.checked(() -> Overrides.parseAdminAddress(value));
        }
    }
}
