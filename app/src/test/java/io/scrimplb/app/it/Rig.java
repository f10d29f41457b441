package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts what a test needs and ends all of it after the test, whatever came of it. When a test failed it prints what the
 * processes said; when it passed it makes sure that none of them printed a stack trace.
 */
final class Rig implements AfterEachCallback {
    /** As small as an operator would make it, and quick to start. */
    private static final List<String> SMALL_JVM = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<Scrimp> processes = new ArrayList<>();

    /** One command line of the product, not started yet. */
    final class Launch {
        private final List<String> arguments;
        private List<String> prefix = List.of();
        private List<String> jvm = SMALL_JVM;
        private Path java = thisJava();
        private Path directory = Path.of(".");
        private final Map<String, String> environment = new HashMap<>();

        private Launch(List<String> arguments) {
            this.arguments = arguments;
        }

        Launch jvm(String... options) {
            jvm = List.of(options);
            return this;
        }

        Launch java(Path executable) {
            java = executable;
            return this;
        }

        /** A command that runs the product, such as {@code ip netns exec NAME}. */
        Launch under(List<String> command) {
            prefix = command;
            return this;
        }

        Launch environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Where it is started; a file of the usual name there would be read. */
        Launch in(Path workingDirectory) {
            directory = workingDirectory;
            return this;
        }

        Scrimp start() throws IOException {
            List<String> command = new ArrayList<>(prefix);
            command.add(java.toString());
            command.addAll(jvm);
            command.addAll(List.of("-jar", jar().toString()));
            command.addAll(arguments);
            return launch(String.join(" ", arguments), command, directory, environment);
        }

        /** For a command that ends by itself. */
        Scrimp run() throws IOException, InterruptedException {
            Scrimp process = start();
            process.awaitExit();
            return process;
        }
    }

    Launch scrimp(String... arguments) {
        return new Launch(List.of(arguments));
    }

    /** Applications, {@code NAME=PORT} each, in a process of their own on a host; waits until they answer. */
    Scrimp applications(Fabric fabric, String host, String... applications) throws IOException {
        List<String> command = new ArrayList<>(fabric.on(host));
        command.addAll(List.of(thisJava().toString(), "-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        URI classes = URI.create(ApplicationHost.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        command.addAll(List.of("-cp", Path.of(classes).toString(), ApplicationHost.class.getName()));
        command.addAll(List.of(applications));
        Scrimp process = launch("applications on " + host, command, Path.of("."), Map.of());
        process.awaitStdout(line -> line.equals("all answer"), "that all answer");
        return process;
    }

    private Scrimp launch(String name, List<String> command, Path directory, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        // A developer's environment must not configure what is tested.
        builder.environment()
                .keySet()
                .removeIf(key ->
                        key.startsWith("SCRIMP_") || key.endsWith("JAVA_OPTIONS") || key.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        Scrimp process = closing(new Scrimp(name, builder.start()));
        processes.add(process);
        return process;
    }

    /** Closed after the test; the last one first. */
    <T extends AutoCloseable> T closing(T resource) {
        started.push(resource);
        return resource;
    }

    static Path thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The jar as the build made it. */
    static Path jar() {
        Path jar = Path.of(System.getProperty("scrimp.jar", "target/scrimp-proxy.jar"))
                .toAbsolutePath();
        assertThat(Files.isRegularFile(jar))
                .as("%s is built; run these tests by 'mvn verify'", jar)
                .isTrue();
        return jar;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        boolean failed = context.getExecutionException().isPresent();
        if (failed) {
            System.out.println("What the processes of " + context.getDisplayName() + " said:");
            processes.forEach(process -> System.out.println(process.report()));
        }
        for (AutoCloseable resource : started) {
            resource.close();
        }
        List<String> traces = new ArrayList<>();
        for (Scrimp process : processes) {
            if (!process.stackTraceLines().isEmpty()) {
                traces.add(process.report());
            }
        }
        if (!failed) {
            assertThat(traces).as("processes that printed a stack trace").isEmpty();
        }
        started.clear();
        processes.clear();
    }

    /** How long a JVM takes to do next to nothing with the jar: the median of some runs. */
    Duration jvmStart() throws IOException, InterruptedException {
        List<Duration> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            Scrimp version = scrimp("--version").run();
            runs.add(Figures.since(start));
            assertThat(version.awaitExit()).isZero();
        }
        return Figures.median(runs);
    }
}
