package io.scrimplb.membership.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link MemberHost} process. */
final class Host implements AutoCloseable {
    private final Process process;
    private final PrintStream orders;
    private final CountDownLatch ready = new CountDownLatch(1);

    /**
     * @param prefix command that runs a command in the right network; empty for this one
     * @param jvm options of the JVM
     */
    Host(List<String> prefix, List<String> jvm, Sight sight) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(jvm);
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=" + System.getProperty("bench.log", "error"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemberHost.class.getName()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread listening = new Thread(() -> listen(sight), "bench-" + process.pid());
        listening.setDaemon(true);
        listening.start();
    }

    private void listen(Sight sight) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("view ")) {
                    sight.told(line.split(" "));
                } else if (line.equals("ready")) {
                    ready.countDown();
                } else if (!line.startsWith("told ")) {
                    System.err.println("[" + process.pid() + "] " + line);
                }
            }
        } catch (IOException e) {
            // The process was ended; whoever waits for its word sees that.
            ready.countDown();
        }
    }

    void awaitReady() throws InterruptedException {
        if (!ready.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " did not start");
        }
    }

    void order(String order) {
        orders.println(order);
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process by SIGKILL and waits for its end. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a signal, such as {@code STOP}. */
    void signal(String name) throws IOException {
        Commands.run("kill", "-" + name, Long.toString(process.pid()));
    }

    @Override
    public void close() {
        kill();
    }
}
