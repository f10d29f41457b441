package io.scrimplb.app.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(30)
class QueuedAccessLogTest {
    @TempDir
    Path directory;

    /** A target whose disk fills up and is freed again, and whose reader may stall. */
    private static final class FakeTarget implements LogTarget {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        final CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(0);
        volatile boolean full;

        @Override
        public String name() {
            return "the test's target";
        }

        @Override
        public OutputStream open() {
            return new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    write(new byte[] {(byte) octet}, 0, 1);
                }

                @Override
                public void write(byte[] octets, int offset, int length) throws IOException {
                    stalled.countDown();
                    try {
                        gate.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    if (full) {
                        written.write(octets, offset, Math.min(3, length));
                        throw new IOException("No space left on device");
                    }
                    written.write(octets, offset, length);
                }
            };
        }

        String text() {
            return written.toString(StandardCharsets.UTF_8);
        }
    }

    private static LineWriter writer(LogTarget target, AtomicLong nanos) {
        return new LineWriter(target, nanos::get, LoggerFactory.getLogger(QueuedAccessLogTest.class));
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void linesReachTheFileWithoutBeingAskedFor() {
        Path file = directory.resolve("access.log");
        try (QueuedAccessLog log = QueuedAccessLog.start(AccessLogFormat.JSON, file)) {
            log.write(Records.full("/a", "x"));
            await().until(() -> Files.readAllLines(file).size() == 1);
        }
    }

    @Test
    void closingWritesWhatWaits() throws IOException {
        Path file = directory.resolve("access.log");
        QueuedAccessLog log = QueuedAccessLog.start(AccessLogFormat.COMBINED, file);
        for (int i = 0; i < 1_000; i++) {
            log.write(Records.full("/" + i, "x"));
        }
        log.close();
        log.close();
        assertThat(Files.readAllLines(file)).hasSize(1_000);
        assertThat(log.dropped()).isZero();
        log.write(Records.full("/late", "x"));
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void aRotatedFileIsLeftAndANewOneBegun() throws IOException {
        Path file = directory.resolve("access.log");
        Path rotated = directory.resolve("access.log.1");
        try (QueuedAccessLog log = QueuedAccessLog.start(AccessLogFormat.JSON, file)) {
            log.write(Records.full("/old", "x"));
            await().until(() -> Files.size(file) > 0);
            Files.move(file, rotated);
            log.reopen();
            await().until(() -> Files.exists(file));
            log.write(Records.full("/new", "x"));
            await().until(() -> Files.size(file) > 0);
        }
        assertThat(rotated).content().contains("/old").doesNotContain("/new");
        assertThat(file).content().contains("/new").doesNotContain("/old");
    }

    @Test
    void aFileThatCannotBeOpenedFailsNobodyAndIsTriedAgainAfterAReopen() throws IOException {
        Path missing = directory.resolve("missing");
        Path file = missing.resolve("access.log");
        try (QueuedAccessLog log = QueuedAccessLog.start(AccessLogFormat.JSON, file)) {
            log.write(Records.full("/lost", "x"));
            await().until(() -> log.dropped() == 1);
            Files.createDirectory(missing);
            log.reopen();
            await().until(() -> Files.exists(file));
            log.write(Records.full("/kept", "x"));
            await().until(() -> Files.size(file) > 0);
        }
        assertThat(file).content().contains("/kept").doesNotContain("/lost");
    }

    @Test
    void whoeverDoesNotReadCostsRecordsAndNeverBlocksTheWriter() throws InterruptedException {
        FakeTarget target = new FakeTarget();
        target.gate = new CountDownLatch(1);
        QueuedAccessLog log = new QueuedAccessLog(new JsonLineFormat(), writer(target, new AtomicLong())).start();
        log.write(Records.full("/first", "x"));
        assertThat(target.stalled.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < QueuedAccessLog.MAX_WAITING + 100; i++) {
            log.write(Records.full("/" + i, "x"));
        }
        assertThat(log.dropped()).isEqualTo(100);
        target.gate.countDown();
        log.close();
        assertThat(target.text().lines()).hasSize(QueuedAccessLog.MAX_WAITING + 1);
    }

    @Test
    void longTextsOfStrangersDoNotFillTheMemory() throws InterruptedException {
        FakeTarget target = new FakeTarget();
        target.gate = new CountDownLatch(1);
        QueuedAccessLog log = new QueuedAccessLog(new JsonLineFormat(), writer(target, new AtomicLong())).start();
        log.write(Records.full("/first", "x"));
        assertThat(target.stalled.await(10, TimeUnit.SECONDS)).isTrue();
        String agent = "a".repeat(30_000);
        for (int i = 0; i < 1_000; i++) {
            log.write(Records.full("/", agent));
        }
        long fit = QueuedAccessLog.MAX_WAITING_CHARS / 30_000;
        assertThat(log.dropped()).isBetween(1_000 - fit, 1_000 - fit + 5);
        target.gate.countDown();
        log.close();
    }

    @Test
    void aFullDiskLosesLinesAndTheNextGoodLineStandsAlone() {
        FakeTarget target = new FakeTarget();
        AtomicLong nanos = new AtomicLong();
        LineWriter writer = writer(target, nanos);
        writer.write(line("one"));
        assertThat(writer.flush()).isZero();
        target.full = true;
        writer.write(line("two-lost"));
        assertThat(writer.flush()).isEqualTo(1);
        target.full = false;
        writer.write(line("three-too-early"));
        assertThat(writer.flush()).isEqualTo(1);
        nanos.addAndGet(LineWriter.RETRY.toNanos());
        writer.write(line("four"));
        assertThat(writer.flush()).isZero();
        assertThat(target.text().lines().toList()).isEqualTo(List.of("one", "two", "four"));
    }

    @Test
    void aLineThatIsLongerThanTheBufferIsWrittenInItsTurn() {
        FakeTarget target = new FakeTarget();
        LineWriter writer = writer(target, new AtomicLong());
        String big = "b".repeat(40_000);
        writer.write(line("one"));
        writer.write(line(big));
        writer.write(line("three"));
        writer.close();
        assertThat(target.text().lines().toList()).isEqualTo(List.of("one", big, "three"));
    }
}
