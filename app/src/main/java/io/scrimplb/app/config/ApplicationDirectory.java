package io.scrimplb.app.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A directory of application files: {@code *.scrimp.json} and {@code *.scrimp.yaml}, each with one application or a list
 * of them. Files whose name begins with a dot are left alone; that is how editors and tools name what is unfinished.
 * Thread-safe.
 */
public final class ApplicationDirectory {
    /** Files that are read; a directory with more is another one than was meant. */
    public static final int MAX_FILES = 1000;

    private final Path directory;
    private final Map<String, String> environment;

    /**
     * Names a directory, which need not exist yet.
     *
     * @param environment what <code>${NAME}</code> in the files is resolved with
     */
    public ApplicationDirectory(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /**
     * What the directory says at one moment.
     *
     * @param applications in the order of file names; each name once
     * @param problems what was skipped and why
     * @param notes what is read and has no effect, one line each
     */
    public record Reading(List<ApplicationConfig> applications, List<Problem> problems, List<String> notes) {
        public Reading {
            applications = List.copyOf(applications);
            problems = List.copyOf(problems);
            notes = List.copyOf(notes);
        }
    }

    /**
     * What one file says; without applications when it is bad.
     *
     * @param named further files that were read for it
     */
    record FileReading(
            Path file, List<Path> named, List<Located> applications, List<Problem> problems, List<String> notes) {
        FileReading {
            named = List.copyOf(named);
            applications = List.copyOf(applications);
            problems = List.copyOf(problems);
            notes = List.copyOf(notes);
        }
    }

    /** An application and where its name was written. */
    record Located(ApplicationConfig application, Origin origin, String path) {}

    /**
     * The files there are, by name.
     *
     * @param complete false when the directory is there and could not be listed, so that missing files mean nothing
     * @param identity tells this directory from another one in its place; empty when there is none
     */
    record Listing(Map<String, Path> files, List<Problem> problems, boolean complete, String identity) {}

    /** Reads every file. A bad one is a problem and is skipped; the others count. */
    public Reading read() {
        Listing listing = list();
        List<FileReading> readings =
                listing.files().values().stream().map(this::read).toList();
        return combine(readings, listing.problems());
    }

    Path path() {
        return directory;
    }

    Listing list() {
        Map<String, Path> files = new TreeMap<>();
        Problems problems = new Problems();
        Origin origin = new Origin.InFile(directory.toString(), 0, 0);
        if (!Files.exists(directory)) {
            problems.add(origin, "", "no such directory; it is read as soon as it is there");
            return new Listing(files, problems.list(), true, "");
        }
        boolean complete = false;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, ApplicationDirectory::isCandidate)) {
            for (Path file : stream) {
                if (files.size() == MAX_FILES) {
                    problems.add(origin, "", "holds more than " + MAX_FILES + " files; the others are not read");
                    break;
                }
                files.put(String.valueOf(file.getFileName()), file);
            }
            complete = true;
        } catch (DirectoryIteratorException failed) {
            problems.add(origin, "", "cannot be listed: " + Excerpt.line(String.valueOf(failed.getMessage())));
        } catch (IOException failed) {
            problems.add(
                    origin,
                    "",
                    Files.isDirectory(directory)
                            ? SourceFile.reason(directory.resolve("."), failed)
                            : "is not a directory");
        }
        return new Listing(files, problems.list(), complete, identity(directory));
    }

    private static String identity(Path directory) {
        try {
            return "is "
                    + Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return "";
        }
    }

    FileReading read(Path file) {
        Problems problems = new Problems();
        String name = file.toString();
        List<Values> decoded = new ArrayList<>();
        SourceFile.read(file, new Origin.InFile(name, 0, 0), "", problems)
                .flatMap(text -> new DocumentParser(name, problems).parse(text, DocumentParser.isYaml(name)))
                .map(node -> new Substitution(environment, problems).apply(node))
                .ifPresent(root -> decode(root, new SchemaReader(problems), decoded));
        new CrossChecks(problems).checkApplications(decoded);
        if (!problems.isEmpty()) {
            return new FileReading(file, List.of(), List.of(), problems.list(), List.of());
        }
        List<String> notes = new ArrayList<>();
        List<Located> located = new ArrayList<>();
        List<Path> named = new ArrayList<>();
        for (Values values : decoded) {
            NotYet.notesOfApplication(values).forEach(note -> notes.add(name + ": " + note));
            values.find(ApplicationSchema.BACKEND_TLS)
                    .flatMap(tls -> tls.find(ApplicationSchema.CA))
                    .ifPresent(authorities -> named.add(authorities.file()));
            located.add(new Located(
                    Binder.application(values),
                    values.origin(ApplicationSchema.NAME),
                    values.path(ApplicationSchema.NAME)));
        }
        return new FileReading(file, named, located, List.of(), notes);
    }

    /** Of two applications with one name the one in the first file counts. */
    static Reading combine(Collection<FileReading> readings, List<Problem> listingProblems) {
        List<Problem> problems = new ArrayList<>(listingProblems);
        List<String> notes = new ArrayList<>();
        List<ApplicationConfig> applications = new ArrayList<>();
        Map<String, Origin> owners = new HashMap<>();
        for (FileReading reading : readings) {
            problems.addAll(reading.problems());
            notes.addAll(reading.notes());
            for (Located located : reading.applications()) {
                String name = located.application().name();
                Origin owner = owners.putIfAbsent(name, located.origin());
                if (owner == null) {
                    applications.add(located.application());
                } else {
                    problems.add(new Problem(
                            located.origin(),
                            located.path(),
                            Excerpt.quote(name) + " is taken by the one at " + owner + "; this one is skipped"));
                }
            }
        }
        return new Reading(applications, problems, notes);
    }

    private static void decode(Node root, SchemaReader reader, List<Values> decoded) {
        List<Node> nodes = root instanceof Node.Sequence sequence ? sequence.elements() : List.of(root);
        for (int i = 0; i < nodes.size(); i++) {
            String path = root instanceof Node.Sequence ? "[" + i + "]" : "";
            Optional<Values> values = reader.read(ApplicationSchema.APPLICATION, nodes.get(i), path);
            values.ifPresent(decoded::add);
        }
    }

    private static boolean isCandidate(Path file) {
        String name = String.valueOf(file.getFileName());
        return !name.startsWith(".")
                && (name.endsWith(".scrimp.json") || name.endsWith(".scrimp.yaml") || name.endsWith(".scrimp.yml"));
    }
}
