package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Other Java versions that happen to be on the machine run the same jar without a word of warning. */
@Timeout(120)
class JavaVersionsIT {
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void everyInstalledJavaRunsVersionAndDemoWithoutWarnings() throws Exception {
        Set<Path> others = others();
        assumeTrue(!others.isEmpty(), "no other Java under " + INSTALLED + " than the one that runs the tests");
        for (Path java : others) {
            Scrimp version = rig.scrimp("--version").java(java).run();
            assertThat(version.awaitExit()).as(version.report()).isZero();
            assertThat(version.stdout()).hasSize(1);
            assertThat(version.stderr()).isEmpty();

            Scrimp demo = rig.scrimp("demo").java(java).start();
            Matcher url = URL.matcher(demo.awaitStdout(line -> line.contains("URL"), "its URL"));
            assertThat(url.find()).isTrue();
            int port = Integer.parseInt(url.group(1));
            assertThat(Exchange.get(port, "127.0.0.1:" + port, "/").status()).isEqualTo(200);
            demo.term();
            assertThat(demo.awaitExit()).as(demo.report()).isZero();
            assertThat(demo.stderr()).as("what %s says", java).noneMatch(line -> line.startsWith("WARNING:"));
            Figures.tell("runs without warnings", java.toString());
        }
    }

    /** Each once, however many links lead to it. */
    private static Set<Path> others() throws IOException {
        Set<Path> found = new TreeSet<>();
        if (Files.isDirectory(INSTALLED)) {
            try (var homes = Files.list(INSTALLED)) {
                for (Path home : homes.toList()) {
                    Path java = home.resolve("bin/java");
                    if (Files.isExecutable(java)) {
                        found.add(java.toRealPath());
                    }
                }
            }
        }
        found.remove(Rig.thisJava().toRealPath());
        return found;
    }
}
