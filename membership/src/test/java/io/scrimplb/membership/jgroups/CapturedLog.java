package io.scrimplb.membership.jgroups;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** What is logged while this is open; the log of these tests goes to standard error. */
final class CapturedLog implements AutoCloseable {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    CapturedLog() {
        System.setErr(new PrintStream(bytes, true, UTF_8));
    }

    /** The lines that have this word, such as a level. */
    List<String> lines(String word) {
        return bytes.toString(UTF_8).lines().filter(line -> line.contains(word)).toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
