package io.scrimplb.membership.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    @Test
    void oneLineTellsOfManyAndTheNextHasToWait() throws Exception {
        InetAddress stranger = InetAddress.getByName("203.0.113.7");
        RefusalLog log = new RefusalLog();

        List<String> lines = lines(() -> {
            log.tell();
            for (int i = 0; i < 1_000; i++) {
                log.refused(stranger, "bytes that no member sends");
            }
            log.refused(null, "too many at a time");
            log.tell();
            log.refused(stranger, "again");
            log.tell();
            log.tell();
        });

        assertThat(lines)
                .singleElement()
                .asString()
                .contains("refused 1001 connections", "203.0.113.7", "bytes that no member sends");
        assertThat(log.count()).isEqualTo(1_002);
    }

    @Test
    void onlyOneIsToldAsOne() throws Exception {
        RefusalLog log = new RefusalLog();
        List<String> lines = lines(() -> {
            log.refused(null, "too many at a time");
            log.tell();
        });
        assertThat(lines).singleElement().asString().contains("refused a connection", "somebody", "too many at a time");
    }

    private static List<String> lines(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("RefusalLog"))
                .toList();
    }
}
