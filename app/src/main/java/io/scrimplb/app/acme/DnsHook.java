package io.scrimplb.app.acme;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's program that puts a TXT record into DNS and takes it out: {@code PROGRAM present|cleanup NAME VALUE}, where the
 * name is {@code _acme-challenge.example.com}. It has done its work, the record's spreading included, when it exits with 0. It
 * gets no secrets: the value is what everybody may read in DNS. Its environment is that of this process without what this
 * program itself reads from there. Blocks.
 */
final class DnsHook {
    private static final Logger LOG = LoggerFactory.getLogger(DnsHook.class);
    /** Room for a record to reach all name servers of a zone. */
    static final Duration LONGEST = Duration.ofMinutes(5);
    /** Bytes of its output that are kept for the log. */
    private static final int MAX_OUTPUT_BYTES = 2_000;

    private final Path program;
    private final Duration longest;

    DnsHook(Path program) {
        this(program, LONGEST);
    }

    DnsHook(Path program, Duration longest) {
        this.program = program;
        this.longest = longest;
    }

    void present(String name, String value) throws IOException, InterruptedException {
        run("present", name, value);
    }

    /** A record that stays is untidy and harms nobody: a failure is a line in the log. */
    void cleanup(String name, String value) throws InterruptedException {
        try {
            run("cleanup", name, value);
        } catch (IOException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    private void run(String action, String name, String value) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), action, name, value).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(key -> key.startsWith("SCRIMP_"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("acme.dns-hook " + program + " cannot be run: " + e.getMessage(), e);
        }
        boolean ended = false;
        StringBuffer said = new StringBuffer();
        Thread reading = new Thread(() -> read(process.getInputStream(), said), "scrimp-acme-hook");
        reading.setDaemon(true);
        try {
            process.getOutputStream().close();
            reading.start();
            ended = process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                reading.join(1_000);
            }
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        String call = "acme.dns-hook " + program + " " + action + " " + name;
        if (!ended) {
            throw new IOException(call + " did not end within " + longest.toSeconds() + " s" + output(said));
        }
        if (process.exitValue() != 0) {
            throw new IOException(call + " ended with " + process.exitValue() + output(said));
        }
        LOG.debug("{} done{}", call, output(said));
    }

    private static String output(StringBuffer said) {
        String text = Failure.printable(said.toString());
        return text.isEmpty() ? "" : ": " + text;
    }

    /** To the end, so that the program never waits for somebody to read. */
    private static void read(InputStream from, StringBuffer said) {
        byte[] buffer = new byte[4096];
        try (from) {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                int kept = Math.min(read, MAX_OUTPUT_BYTES - said.length());
                if (kept > 0) {
                    said.append(new String(buffer, 0, kept, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            LOG.debug("the output of a hook ended early: {}", e.getMessage());
        }
    }
}
