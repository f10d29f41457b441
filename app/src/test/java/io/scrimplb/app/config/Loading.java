package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.scrimplb.membership.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Loads texts and samples with a given environment. */
final class Loading {
    private final Map<String, String> environment = new HashMap<>();
    private Optional<Path> file = Optional.empty();
    private Optional<Role> role = Optional.empty();
    private Overrides overrides = Overrides.NONE;

    static Loading nothing() {
        return new Loading();
    }

    static Loading of(Path file) {
        Loading loading = new Loading();
        loading.file = Optional.of(file);
        return loading;
    }

    static Loading text(Path directory, String name, String text) {
        try {
            return of(Files.writeString(directory.resolve(name), text));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Path sample(String name) {
        try {
            return Path.of(Objects.requireNonNull(Loading.class.getResource("samples/" + name))
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Loading with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Loading as(Role wanted) {
        role = Optional.of(wanted);
        return this;
    }

    Loading flags(Overrides flags) {
        overrides = flags;
        return this;
    }

    LoadedConfig load() throws ConfigException {
        return new ConfigLoader(environment, List.of()).load(new LoadRequest(file, role, overrides));
    }

    /** The lines a user would see, with the directory of the file left out. */
    List<String> problems() {
        ConfigException failure = catchThrowableOfType(ConfigException.class, this::load);
        if (failure == null) {
            throw new AssertionError("it loads");
        }
        String directory = file.map(path -> path.getParent() + "/").orElse("");
        return failure.problems().stream()
                .map(problem -> directory.isEmpty()
                        ? problem.toString()
                        : problem.toString().replace(directory, ""))
                .toList();
    }
}
