package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.HttpOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Clients of HTTP/2 that none of us wrote: curl, nghttp, h2load, h2spec. Each test is skipped where its program is missing. */
@Timeout(120)
class Http2PeersTest {
    private static final int BODY_BYTES = 1_000_000;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @TempDir
    Path directory;

    private Path body = Path.of("");

    @BeforeEach
    void start() throws IOException {
        body = Files.write(directory.resolve("body"), BodyBytes.of(5, BODY_BYTES));
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            if (exchange.head().lists("Expect", "100-continue")) {
                exchange.raw("HTTP/1.1 100 Continue\r\n\r\n");
            }
            exchange.send(200, exchange.method() + " " + exchange.target() + " " + BodyBytes.digest(exchange.body()));
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
    }

    private String url(String target) {
        return "http://127.0.0.1:" + proxy.web().getPort() + target;
    }

    private String run(String... command) throws Exception {
        Path output = directory.resolve("output");
        Process process;
        try {
            process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException missing) {
            Assumptions.abort(command[0] + " is not installed");
            return "";
        }
        assertThat(process.waitFor(100, TimeUnit.SECONDS))
                .as(command[0] + " ends")
                .isTrue();
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }

    private static String digestOfBody() {
        return BodyBytes.digest(5, BODY_BYTES);
    }

    @Test
    void curlGetsAndPosts() throws Exception {
        // One at a time: curl 7.88 cannot use a connection again that it opened with prior knowledge.
        String got = run("curl", "-sS", "-i", "--http2-prior-knowledge", url("/a"));
        assertThat(got).contains("HTTP/2 200").contains("GET /a ");

        String posted = run("curl", "-sS", "--http2-prior-knowledge", "--data-binary", "@" + body, url("/p"));
        assertThat(posted).isEqualTo("POST /p " + digestOfBody());
        String unknownLength = run(
                "curl", "-sS", "--http2-prior-knowledge", "-H", "Content-Length:", "-T", body.toString(), url("/u"));
        assertThat(unknownLength).isEqualTo("PUT /u " + digestOfBody());
        assertThat(run("curl", "-sS", "-I", "--http2-prior-knowledge", url("/h")))
                .contains("HTTP/2 200")
                .contains("content-length:");
    }

    @Test
    void nghttpGetsAndPosts() throws Exception {
        assertThat(run("nghttp", url("/n"))).startsWith("GET /n ");
        assertThat(run("nghttp", "-d", body.toString(), url("/n"))).startsWith("POST /n " + digestOfBody());
        assertThat(run("nghttp", "-v", "--trailer=x-sum: 1", "-d", body.toString(), url("/t")))
                .contains(digestOfBody());
    }

    @Test
    void h2loadLosesNoRequest() throws Exception {
        String report = run("h2load", "-n", "3000", "-c", "8", "-m", "32", url("/l"));

        assertThat(report).contains("3000 succeeded, 0 failed, 0 errored, 0 timeout");
    }

    @Test
    void h2specFindsNothingButThatThisPortSpeaksHttp11Too() throws Exception {
        String report = run("h2spec", "-p", Integer.toString(proxy.web().getPort()), "-h", "127.0.0.1", "-o", "4");

        // What does not begin with HTTP/2's preface is a request of HTTP/1.1, and is answered as one.
        String failures = report.contains("Failures:") ? report.substring(report.indexOf("Failures:")) : "";
        assertThat(failures.lines().filter(line -> line.strip().startsWith("\u00c3\u0097 ")))
                .allMatch(line -> line.contains("Sends invalid connection preface"));
        assertThat(report).contains("146 tests");
    }
}
