package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a running cluster says of its secret and tokens, however much it is asked to say. */
@Timeout(90)
class SecretsIT {
    /** Everything, but for one class of Netty's that tells with stack traces what the JVM lacks. */
    private static final String[] TALKATIVE = {
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
        "-Dorg.slf4j.simpleLogger.log.io.netty.util.internal.PlatformDependent0=info"
    };

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    @Test
    void neitherLogNorStatusNorMetricsNorCommandLineShowsThem() throws Exception {
        String secret = onlyLine(rig.scrimp("secret").run());
        Path key = Files.writeString(directory.resolve("secret.json"), "{\"cluster-secret\": \"" + secret + "\"}");
        String token = onlyLine(
                rig.scrimp("token", "create", "-c", key.toString(), "--domains", "*.test", "--ports", "1-65535")
                        .run());
        Site site = new Site(rig, directory);
        Site.Balancer balancer = site.balancer(config -> config.put("cluster-secret", secret), TALKATIVE);
        Origin origin = rig.closing(Origin.named("web"));
        int listen = Ports.listen();
        Path file = site.backendFile(config -> config.put("join-token", token));
        Scrimp backend = rig.scrimp(
                        "backend", "-c", file.toString(), "--app", "web=" + origin.port() + ",web.test@" + listen)
                .jvm(TALKATIVE)
                .start();

        Waiting.routed(listen, "web.test", "web");
        JsonNode status = balancer.admin().status();
        String metrics = balancer.admin().get("/metrics").body();
        for (Scrimp process : List.of(backend, balancer.process())) {
            String commandLine = ProcessHandle.of(process.pid())
                    .flatMap(handle -> handle.info().commandLine())
                    .orElse("");
            assertThat(commandLine).doesNotContain(secret).doesNotContain(token);
            process.term();
            assertThat(process.awaitExit()).isZero();
            assertThat(process.stderr()).as("it is talkative").anyMatch(line -> line.contains(" TRACE "));
            assertThat(process.report()).doesNotContain(secret).doesNotContain(token);
        }
        assertThat(status.path("secured").asBoolean()).isTrue();
        assertThat(status.toString()).doesNotContain(secret).doesNotContain(token);
        assertThat(metrics).doesNotContain(secret).doesNotContain(token);
    }

    private static String onlyLine(Scrimp command) throws InterruptedException {
        assertThat(command.awaitExit()).as(command.report()).isZero();
        assertThat(command.stderr()).as("no hint when nobody reads along").isEmpty();
        assertThat(command.stdout()).hasSize(1);
        return command.stdout().get(0);
    }
}
