package io.scrimplb.membership.bench;

import io.scrimplb.membership.bench.Network.Traffic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kernel's counters of one network namespace. */
final class NetworkCounters {
    /** What holds them. */
    static final List<String> FILES = List.of("/proc/self/net/dev", "/proc/self/net/snmp", "/proc/self/net/netstat");

    private static final int RECEIVED_BYTES = 0;
    private static final int SENT_BYTES = 8;

    private final List<String> lines;

    /** @param text of all {@link #FILES} */
    NetworkCounters(String text) {
        this.lines = text.lines().toList();
    }

    /** What went through some interfaces; the segments are those of all. */
    Traffic through(String... devices) {
        long sent = 0;
        long received = 0;
        for (String device : devices) {
            sent += column(device, SENT_BYTES);
            received += column(device, RECEIVED_BYTES);
        }
        return new Traffic(sent, received, segments());
    }

    private long column(String device, int column) {
        for (String line : lines) {
            String[] parts = line.strip().split(":\\s*", 2);
            if (parts[0].equals(device)) {
                return Long.parseLong(parts[1].split("\\s+")[column]);
            }
        }
        throw new IllegalStateException("no interface " + device);
    }

    /** Segments that came, without those that acknowledge and carry nothing, on the kernel's slow path or its fast. */
    private long segments() {
        Map<String, Long> extended = table("TcpExt:");
        return table("Tcp:").get("InSegs") - extended.get("TCPPureAcks") - extended.get("TCPHPAcks");
    }

    /** A line of names and a line of numbers, both beginning with the same word. */
    private Map<String, Long> table(String word) {
        List<String[]> rows = lines.stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.split(" "))
                .toList();
        Map<String, Long> table = new HashMap<>();
        for (int i = 1; i < rows.get(0).length; i++) {
            table.put(rows.get(0)[i], Long.parseLong(rows.get(1)[i]));
        }
        return table;
    }
}
