package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A running process of the product, or of a helper beside it, with all that it said. */
final class Scrimp implements AutoCloseable {
    /** For whatever is not measured: a busy machine starts a JVM in seconds. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Process process;
    private final Output stdout;
    private final Output stderr;

    Scrimp(String name, Process process) {
        this.name = name;
        this.process = process;
        this.stdout = new Output(process.getInputStream(), name + "-stdout");
        this.stderr = new Output(process.getErrorStream(), name + "-stderr");
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    List<String> stdout() {
        return stdout.lines();
    }

    List<String> stderr() {
        return stderr.lines();
    }

    /** Waits until the log, which is stderr, has a line with the words. */
    String awaitLog(String words) {
        return awaitLog(line -> line.contains(words), "'" + words + "'");
    }

    String awaitLog(Predicate<String> wanted, String description) {
        // A process whose start failed for a bug may live on without a word; nobody has to wait for that.
        return stderr.await(line -> wanted.test(line) || line.startsWith("Exception in thread"), PATIENCE)
                .filter(wanted)
                .orElseGet(() -> fail(name + " did not log " + description + "\n" + report()));
    }

    String awaitStdout(Predicate<String> wanted, String description) {
        return stdout.await(wanted, PATIENCE)
                .orElseGet(() -> fail(name + " did not print " + description + "\n" + report()));
    }

    /** Waits for the end and the last of the output. */
    int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            fail(name + " did not end within " + limit + "\n" + report());
        }
        stdout.awaitEnd(PATIENCE);
        stderr.awaitEnd(PATIENCE);
        return process.exitValue();
    }

    int awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    /** The clean end: TERM. */
    void term() {
        signal("TERM");
    }

    void signal(String signal) {
        assertThat(process.isAlive()).as("%s lives", name).isTrue();
        try {
            // The shell's own kill, which is there wherever a shell is.
            int exit = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(exit).as("kill -%s", signal).isZero();
        } catch (IOException e) {
            throw new IllegalStateException("no shell to send a signal with", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** kill -9, without a shell in between. */
    void kill() {
        process.destroyForcibly();
    }

    boolean hasDescendants() {
        return process.descendants().findAny().isPresent();
    }

    /** Everything that it said. */
    String report() {
        StringBuilder text = new StringBuilder("---- " + name + " (pid " + process.pid() + ", "
                + (process.isAlive() ? "alive" : "exit " + process.exitValue()) + ")\n");
        stdout.lines().forEach(line -> text.append("  out ").append(line).append('\n'));
        stderr.lines().forEach(line -> text.append("  err ").append(line).append('\n'));
        return text.toString();
    }

    /** What no user wants to see. */
    List<String> stackTraceLines() {
        return stderr.lines().stream().filter(line -> line.startsWith("\tat ")).toList();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
