package io.scrimplb.app.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The entry point of the jar, and the one place that says what the commands run. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(new ScrimpProgram(new ProductRuntimes(out), System.getenv(), out, err).run(args));
    }
}
