package io.scrimplb.app.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The entry point of the jar, and the one place that says what the commands run. */
public final class Main {
    /**
     * Netty follows a sample of its buffers to tell of leaks, which costs a load balancer 2 to 3 % of its work. The tests follow
     * every buffer; whoever looks for a leak in production sets the property.
     */
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    private Main() {}

    public static void main(String[] args) {
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(
                new ScrimpProgram(new ProductRuntimes(out), System.getenv(), out, err, Main::interactive).run(args));
    }

    /** Whether standard output is a terminal. Since Java 22 there may be a console without one, and a way to ask. */
    private static boolean interactive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException before22) {
            return true;
        }
    }
}
