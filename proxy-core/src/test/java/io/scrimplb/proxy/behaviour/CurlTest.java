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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A client that none of us wrote. Needs {@code curl} on the machine. */
@Timeout(60)
class CurlTest {
    private static final int BODY_BYTES = 300_000;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @TempDir
    Path directory;

    private Path body = Path.of("");

    @BeforeAll
    static void curlIsThere() {
        boolean found;
        try {
            found = new ProcessBuilder("curl", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException absent) {
            found = false;
        }
        Assumptions.assumeTrue(found, "curl is not installed");
    }

    @BeforeEach
    void start() throws IOException {
        body = Files.write(directory.resolve("body"), BodyBytes.of(5, BODY_BYTES));
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            if (exchange.head().lists("Expect", "100-continue")) {
                exchange.raw("HTTP/1.1 100 Continue\r\n\r\n");
            }
            String digest = BodyBytes.digest(exchange.body());
            exchange.send(200, exchange.method() + " " + exchange.target() + " " + digest);
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
    }

    private String curl(String target, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--max-time", "20"));
        command.addAll(List.of(arguments));
        command.add("http://127.0.0.1:" + proxy.web().getPort() + target);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(body.toFile())
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    private String digest() {
        return BodyBytes.digest(BodyBytes.of(5, BODY_BYTES));
    }

    @Test
    void getsAPage() throws Exception {
        assertThat(curl("/x?y=1")).startsWith("GET /x?y=1 ");
    }

    @Test
    void getsAPageInHttp10() throws Exception {
        assertThat(curl("/x", "--http1.0")).startsWith("GET /x ");
    }

    @Test
    void asksForTheHeadAlone() throws Exception {
        assertThat(curl("/x", "--head")).startsWith("HTTP/1.1 200 ").contains("Content-Length: ");
    }

    @Test
    void postsAFileAndWaitsForContinue() throws Exception {
        assertThat(curl("/x", "--data-binary", "@" + body, "--header", "Expect: 100-continue"))
                .isEqualTo("POST /x " + digest());
    }

    @Test
    void putsWhatItReadsInChunks() throws Exception {
        assertThat(curl("/x", "--upload-file", "-")).isEqualTo("PUT /x " + digest());
    }

    @Test
    void getsSeveralPagesOverOneConnection() throws Exception {
        String base = "http://127.0.0.1:" + proxy.web().getPort();

        String answers = curl("/3", base + "/1", base + "/2", "--write-out", "%{num_connects}\n");

        assertThat(answers.lines()).hasSize(3);
        assertThat(answers.lines().map(line -> line.substring(line.length() - 1)))
                .containsExactly("1", "0", "0");
    }

    @Test
    void asksForAnUpgradeToHttp2AndIsServedInHttp11() throws Exception {
        assertThat(curl("/x", "--http2")).startsWith("GET /x ");
    }
}
