package io.scrimplb.proxy.h1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Fuzzes the targets, led by coverage, each in a process of its own: on demand only (see CONTRIBUTING.md), since it takes
 * minutes and the fuzzer's agent. {@link FuzzRegressionTest} replays what it found in every build.
 */
final class FuzzRun {
    private static final String FUZZER = "com.code_intelligence.jazzer.Jazzer";
    private static final String INSTRUMENTED = "io.scrimplb.proxy.**";
    private static final int MAX_INPUT_BYTES = 1024;

    /** Pieces that chance would take long to find. */
    private static final List<String> DICTIONARY = List.of(
            "HTTP/1.1",
            "HTTP/1.0",
            "GET ",
            "OPTIONS ",
            "HEAD ",
            "CONNECT ",
            "\\x0d\\x0a",
            "\\x0d\\x0a\\x0d\\x0a",
            "Host: a\\x0d\\x0a",
            "Content-Length: ",
            "Transfer-Encoding: chunked\\x0d\\x0a",
            "Connection: ",
            "Upgrade: ",
            "keep-alive",
            "close",
            "Expect: 100-continue\\x0d\\x0a",
            "TE: trailers\\x0d\\x0a",
            "Trailer: ",
            "X-Forwarded-",
            "X-Request-Id: ",
            "Proxy-",
            "http://",
            "https://",
            "[::1]",
            "%2e",
            "%2f",
            "/../",
            " 100 ",
            " 204 ",
            " 304 ",
            " 101 ",
            "0\\x0d\\x0a\\x0d\\x0a",
            "\\x00",
            "\\x0b",
            "\\x0c",
            "\\x85",
            "\\xa0",
            "\\xff",
            "99999999999",
            "Content_Length: ");

    @TestFactory
    Stream<DynamicTest> noInputIsReadInTwoWays() {
        String wanted = System.getProperty("fuzz.targets", "all").toLowerCase(java.util.Locale.ROOT);
        int seconds = Integer.getInteger("fuzz.seconds", 120);
        List<String> known =
                Arrays.stream(FuzzTarget.values()).map(FuzzTarget::label).toList();
        if (!wanted.equals("all")) {
            assertThat(known).as("targets; see bench/fuzz").contains(wanted.split(","));
        }
        return Arrays.stream(FuzzTarget.values())
                .filter(target ->
                        wanted.equals("all") || List.of(wanted.split(",")).contains(target.label()))
                .map(target -> DynamicTest.dynamicTest(target.label(), () -> run(target, seconds)));
    }

    private static void run(FuzzTarget target, int seconds) throws IOException, InterruptedException {
        Path directory = Path.of("target", "fuzz", target.label()).toAbsolutePath();
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        Path seeds = Files.createDirectories(directory.resolve("seeds"));
        int number = 0;
        for (Seed seed : target.seeds()) {
            Files.write(seeds.resolve(number++ + "-" + seed.name().replaceAll("[^0-9A-Za-z]+", "-")), seed.bytes());
        }
        Path dictionary = Files.write(
                directory.resolve("dictionary"),
                DICTIONARY.stream().map(word -> '"' + word + '"').toList());
        Process fuzzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx768m",
                        "-XX:+UseSerialGC",
                        "-XX:+EnableDynamicAgentLoading",
                        "-Dio.netty.leakDetection.level=disabled",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FUZZER,
                        "--target_class=" + target.entry().getName(),
                        "--instrumentation_includes=" + INSTRUMENTED,
                        "--custom_hook_includes=" + INSTRUMENTED,
                        "--mutator_framework=false",
                        "--reproducer_path=" + directory,
                        "-artifact_prefix=" + directory + "/",
                        "-dict=" + dictionary,
                        "-max_total_time=" + seconds,
                        "-max_len=" + MAX_INPUT_BYTES,
                        "-timeout=20",
                        "-rss_limit_mb=0",
                        "-print_final_stats=1",
                        corpus.toString(),
                        seeds.toString())
                .redirectErrorStream(true)
                .directory(directory.toFile())
                .start();
        Path log = directory.resolve("log");
        StringBuilder told = new StringBuilder();
        try (BufferedReader lines = fuzzer.inputReader();
                var copy = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                copy.write(line + "\n");
                if (line.startsWith("stat::") || line.contains("DONE") || line.contains("INITED")) {
                    told.append(line).append('\n');
                }
            }
        } finally {
            fuzzer.destroy();
        }
        System.out.println(target.label() + ":\n" + told);
        assertThat(fuzzer.waitFor()).as("the fuzzer's exit code; see " + log).isZero();
    }
}
