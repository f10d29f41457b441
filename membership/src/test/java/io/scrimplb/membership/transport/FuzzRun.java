package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Fuzzes the targets, led by coverage, each in a process of its own: on demand only (see bench/fuzz), since it takes
 * minutes and the fuzzer's agent. {@link FuzzRegressionTest} replays the seeds in every build.
 */
final class FuzzRun {
    private static final String FUZZER = "com.code_intelligence.jazzer.Jazzer";
    private static final String INSTRUMENTED = "io.scrimplb.membership.**:org.jgroups.**";
    private static final int MAX_INPUT_BYTES = 2_048;

    /** Pieces that chance would take long to find. */
    private static final List<String> DICTIONARY = List.of(
            "\\\"type\\\":\\\"hello\\\"",
            "\\\"welcome\\\"",
            "\\\"refused\\\"",
            "\\\"goodbye\\\"",
            "\\\"member\\\"",
            "\\\"versions\\\":[1,1]",
            "scrimp-token-",
            "\\x7f\\xff\\xff\\xff",
            "\\xff\\xff\\xff\\xff",
            "\\x00\\x42",
            "\\x00\\x58",
            "\\x16\\x03\\x01",
            "\\x16\\x03\\x03",
            "\\x30\\x82");

    @TestFactory
    Stream<DynamicTest> nothingFromOutsideDoesHarm() {
        String wanted = System.getProperty("fuzz.targets", "all").toLowerCase(Locale.ROOT);
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
        for (byte[] seed : target.seeds()) {
            Files.write(seeds.resolve("seed-" + number++), seed);
        }
        Path dictionary = Files.write(
                directory.resolve("dictionary"),
                DICTIONARY.stream().map(word -> '"' + word + '"').toList());
        Process fuzzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:+EnableDynamicAgentLoading",
                        "-Dio.netty.leakDetection.level=disabled",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
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
