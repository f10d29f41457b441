package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A server of others, run as a process of its own for as long as this is open. */
public final class ForeignServer implements AutoCloseable {
    private static final int START_SECONDS = 15;

    private final Process process;

    private ForeignServer(Process process) {
        this.process = process;
    }

    /** Skips the test, with a word, where the program is not installed. */
    public static void assumeInstalled(String program, String versionFlag) {
        boolean found;
        try {
            found = new ProcessBuilder(program, versionFlag)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException absent) {
            found = false;
        }
        Assumptions.assumeTrue(found, program + " is not installed");
    }

    /** A port of loopback that was free a moment ago. */
    public static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a program and waits until it listens.
     *
     * @param log where its output goes
     * @param ports all the ports of loopback that it shall listen on
     */
    public static ForeignServer start(Path log, int[] ports, String... command) throws IOException {
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ForeignServer server = new ForeignServer(started);
        for (int port : ports) {
            server.awaitPort(port, log);
        }
        return server;
    }

    private void awaitPort(int port, Path log) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    close();
                    throw new IOException("does not listen on " + port + ", see " + log, notYet);
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
