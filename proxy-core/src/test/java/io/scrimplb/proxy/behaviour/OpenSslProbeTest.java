package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scrimplb.proxy.ProxyOptions.TlsEngine;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code openssl s_client} sees: old versions are refused, sessions are resumed. Skipped where there is no openssl. */
@Timeout(60)
final class OpenSslProbeTest {
    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @TempDir
    Path directory;

    @BeforeEach
    void openssl() throws Exception {
        assumeTrue(
                List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                        .anyMatch(entry -> Files.isExecutable(Path.of(entry, "openssl"))),
                "there is no openssl");
    }

    private String probe(TlsEngine engine, String... options) throws Exception {
        if (proxy.isNew()) {
            proxy.by(engine)
                    .start(SpecBuilder.bare()
                            .https("secure", SpecBuilder.anyPort())
                            .upstream("app", proxy.with(HttpOrigin.named("app")).address())
                            .route("secure", "*", "/", "app")
                            .certificates(TestAuthority.SHARED.ec("app.example")));
        }
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + proxy.address("secure").getPort(),
                "-servername",
                "app.example"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write("GET / HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            in.flush();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } finally {
            process.destroy();
        }
    }

    @EveryEngine
    void oldVersionsAreRefused(TlsEngine engine) throws Exception {
        for (String version : List.of("-tls1", "-tls1_1")) {
            // Security level 0, so that it is the server that refuses.
            String said = probe(engine, version, "-cipher", "DEFAULT@SECLEVEL=0");
            assertThat(said).as(version).contains("protocol version").doesNotContain("HTTP/1.1 200");
        }
    }

    @EveryEngine
    void sessionsAreResumedByTicket(TlsEngine engine) throws Exception {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            String session = directory.resolve(engine + version).toString();
            assertThat(probe(engine, version, "-sess_out", session, "-ign_eof")).contains("HTTP/1.1 200", "New, TLSv1");
            assertThat(probe(engine, version, "-sess_in", session, "-ign_eof"))
                    .as(version)
                    .contains("HTTP/1.1 200", "Reused, TLSv1");
        }
    }
}
