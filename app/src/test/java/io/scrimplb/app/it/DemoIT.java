package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The first thing that a new user types. */
@Timeout(90)
class DemoIT {
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void answersComeFromBothBackendsInTurnAndTermEndsItWithoutLeftovers(@TempDir Path temporary) throws Exception {
        long start = System.nanoTime();
        Scrimp demo = rig.scrimp("demo")
                .jvm("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary)
                .start();
        String line = demo.awaitStdout(candidate -> candidate.contains("URL"), "its URL");
        Figures.tell("demo, from the command to its URL", Figures.since(start));
        Matcher url = URL.matcher(line);
        assertThat(url.find()).as("URL in '%s'", line).isTrue();
        int port = Integer.parseInt(url.group(1));
        demo.awaitStdout(candidate -> candidate.contains("curl"), "a curl to try");

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Exchange.Reply reply = Exchange.get(port, "127.0.0.1:" + port, "/");
            assertThat(reply.status()).isEqualTo(200);
            answers.add(reply.body().contains("backend-1") ? "1" : reply.body().contains("backend-2") ? "2" : "?");
        }
        assertThat(String.join("", answers)).isIn("1212", "2121");

        demo.term();
        assertThat(demo.awaitExit(Duration.ofSeconds(20))).isZero();
        assertThat(demo.hasDescendants()).isFalse();
        try (var left = Files.list(temporary)) {
            assertThat(left).as("what is left in the temporary directory").isEmpty();
        }
    }
}
