package io.scrimplb.app.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads a configuration from flags, environment, file and defaults, in that order of weight. Thread-safe. */
public final class ConfigLoader {
    /** Where a file is looked for when none is named, in this order. */
    public static final List<Path> SEARCH_PATH =
            List.of(Path.of("scrimp.json"), Path.of("scrimp.yaml"), Path.of("/etc/scrimplb/scrimp.json"));

    /** Names the file when no flag does. */
    private static final String FILE_VARIABLE = "SCRIMP_CONFIG";

    private final Map<String, String> environment;
    private final List<Path> searchPath;

    /**
     * @param environment the process's environment
     * @param searchPath where to look for a file when none is named
     */
    public ConfigLoader(Map<String, String> environment, List<Path> searchPath) {
        this.environment = Map.copyOf(environment);
        this.searchPath = List.copyOf(searchPath);
    }

    /**
     * Loads what the request asks for.
     *
     * @throws ConfigException with every problem that was found
     */
    public LoadedConfig load(LoadRequest request) throws ConfigException {
        Problems problems = new Problems();
        Optional<Path> file = file(request, problems);
        Substitution substitution = new Substitution(environment, problems);
        Node.Mapping tree = fileLayer(file, substitution, problems);
        failOn(problems, !tree.entries().isEmpty());
        tree = Layers.lay(new EnvironmentLayer(environment, problems).read(substitution.referenced()), tree);
        tree = request.overrides().over(tree);

        SchemaReader reader = new SchemaReader(problems, request.role());
        Values root = reader.read(Schema.ROOT, tree, "").orElseThrow();
        new CrossChecks(problems).check(root, request.role());
        failOn(problems, false);
        List<String> notes = new ArrayList<>(SecretChecks.notes(root, Instant.now()));
        notes.addAll(NotYet.notes(root));
        return new LoadedConfig(Binder.config(root), file, reader.effective(), notes, environment, () -> load(request));
    }

    /** The file that would be read; empty when none is named and none is found. */
    public Optional<Path> find(Optional<Path> named) {
        Problems ignored = new Problems();
        return file(new LoadRequest(named, Optional.empty(), Overrides.NONE), ignored);
    }

    private Optional<Path> file(LoadRequest request, Problems problems) {
        if (request.file().isPresent()) {
            return request.file();
        }
        String named = environment.getOrDefault(FILE_VARIABLE, "");
        if (!named.isEmpty()) {
            try {
                return Optional.of(Path.of(named));
            } catch (InvalidPathException bad) {
                problems.add(new Origin.Environment(FILE_VARIABLE), "", Excerpt.quote(named) + " is not a file name");
            }
        }
        return searchPath.stream().filter(Files::exists).findFirst();
    }

    private static Node.Mapping fileLayer(Optional<Path> file, Substitution substitution, Problems problems) {
        if (file.isEmpty()) {
            return Node.Mapping.empty(Origin.DEFAULT);
        }
        String name = file.get().toString();
        Optional<Node> root = SourceFile.read(file.get(), new Origin.InFile(name, 0, 0), "", problems)
                .flatMap(text -> new DocumentParser(name, problems).parse(text, DocumentParser.isYaml(name)))
                .map(substitution::apply);
        if (root.isEmpty()) {
            return Node.Mapping.empty(new Origin.InFile(name, 0, 0));
        }
        if (root.get() instanceof Node.Mapping mapping) {
            return mapping;
        }
        problems.add(
                root.get().origin(),
                "",
                "expected an object { … }, not " + root.get().label());
        return Node.Mapping.empty(root.get().origin());
    }

    /** Without a readable file every further complaint would be about things that stand in it. */
    private static void failOn(Problems problems, boolean readable) throws ConfigException {
        if (!problems.isEmpty() && !readable) {
            throw new ConfigException(problems.list());
        }
    }
}
