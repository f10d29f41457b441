package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.ForeignServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Clients and an origin of others speak HTTP/2 through the proxy. Each needs its program on the machine. */
@Timeout(120)
class ForeignHttp2Test {
    private static final int FILE_BYTES = 3_000_000;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @TempDir
    Path directory;

    private Path file = Path.of("");

    /** nginx as the origin, which takes no more than 128 streams and 1000 requests a connection. */
    @BeforeEach
    void nginx() throws Exception {
        ForeignServer.assumeInstalled("nginx", "-v");
        int port = ForeignServer.freePort();
        file = Files.write(directory.resolve("file"), BodyBytes.of(5, FILE_BYTES));
        StringBuilder config = new StringBuilder("daemon off;\nmaster_process off;\npid " + directory
                + "/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n  access_log off;\n  client_max_body_size 0;\n");
        for (String kind : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            config.append("  " + kind + "_temp_path " + directory + "/" + kind + ";\n");
        }
        config.append("  server {\n    listen 127.0.0.1:" + port + " http2;\n    root " + directory + ";\n"
                + "    location = /says { return 200 \"$server_protocol $request_method $http_host\"; }\n"
                + "    location /up/ { dav_methods PUT; create_full_put_path on; }\n  }\n}\n");
        Path written = Files.writeString(directory.resolve("nginx.conf"), config);
        proxy.with(ForeignServer.start(
                directory.resolve("nginx.log"),
                new int[] {port},
                "nginx",
                "-e",
                "stderr",
                "-p",
                directory.toString(),
                "-c",
                written.toString()));
        proxy.start(SpecBuilder.webToHttp2(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + proxy.web().getPort() + path;
    }

    private String run(String... command) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        assertThat(ended).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    @Test
    void curlGetsAndPutsByEitherVersion() throws Exception {
        ForeignServer.assumeInstalled("curl", "--version");
        for (String version : new String[] {"--http1.1", "--http2-prior-knowledge"}) {
            String[] curl = {"curl", "--silent", "--show-error", "--fail", "--max-time", "30", version};

            assertThat(run(with(curl, url("/says"), "--header", "Host: a.test")))
                    .isEqualTo("HTTP/2.0 GET a.test");
            run(with(curl, url("/file"), "--output", directory + "/down"));
            assertThat(Files.mismatch(file, directory.resolve("down"))).isEqualTo(-1);
            run(with(curl, url("/up/" + version), "--upload-file", file.toString()));
            assertThat(Files.mismatch(file, directory.resolve("up").resolve(version)))
                    .isEqualTo(-1);
        }
    }

    private static String[] with(String[] command, String... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(command), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }

    @Test
    void nghttpGetsSeveralFilesOverOneConnection() throws Exception {
        ForeignServer.assumeInstalled("nghttp", "--version");

        String told = run("nghttp", "--stat", "--no-push", "--null-out", "--timeout=30", "-m20", url("/file"));

        assertThat(told.lines().filter(line -> line.endsWith(" /file") && line.contains(" 200 ")))
                .hasSize(20);
    }

    @Test
    void h2loadSendsThousandsOfRequestsWhileNginxChangesItsConnections() throws Exception {
        ForeignServer.assumeInstalled("h2load", "--version");

        String told = run("h2load", "-n2000", "-c4", "-m50", "-T30", url("/says"));

        assertThat(told)
                .contains("2000 succeeded, 0 failed, 0 errored, 0 timeout")
                .contains("2000 2xx");
    }
}
