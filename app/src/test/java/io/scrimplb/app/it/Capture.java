package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Everything that goes over a host's wire at the cluster's ports, as tcpdump sees it, put together as TCP streams. */
final class Capture implements AutoCloseable {
    private static final int FILE_HEADER_BYTES = 24;
    private static final int PACKET_HEADER_BYTES = 16;
    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int IPV6_HEADER_BYTES = 40;
    private static final int TCP = 6;

    private final Process tcpdump;
    private final Path file;

    private Capture(Process tcpdump, Path file) {
        this.tcpdump = tcpdump;
        this.file = file;
    }

    /** Begins; the test is skipped where there is no tcpdump, but never in a build that counts. */
    static Capture startOrSkip(Fabric fabric, String host, Path file) throws IOException {
        if (!Files.isExecutable(Path.of("/usr/bin/tcpdump"))) {
            String reason = "what goes over the wire cannot be looked at: tcpdump is not installed";
            assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
            return abort(reason);
        }
        List<String> command = new ArrayList<>(fabric.on(host));
        command.addAll(List.of(
                "/usr/bin/tcpdump",
                "-i",
                "eth0",
                "-n",
                "-U",
                "--immediate-mode",
                "-s",
                "0",
                "-Z",
                "root",
                "-w",
                file.toString(),
                "tcp portrange 9999-10100"));
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        Output said = new Output(started.getInputStream(), "tcpdump");
        assertThat(said.await(line -> line.contains("listening on eth0"), Scrimp.PATIENCE))
                .as("tcpdump listens")
                .isPresent();
        return new Capture(started, file);
    }

    /** Ends and gives the bytes of each direction of each connection, by {@code from>to}. */
    Map<String, byte[]> streams() throws IOException, InterruptedException {
        tcpdump.descendants().forEach(ProcessHandle::destroy);
        tcpdump.destroy();
        assertThat(tcpdump.waitFor(10, TimeUnit.SECONDS)).isTrue();
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, TreeMap<Integer, byte[]>> segments = new LinkedHashMap<>();
        in.position(FILE_HEADER_BYTES);
        while (in.remaining() >= PACKET_HEADER_BYTES) {
            int captured = in.getInt(in.position() + 8);
            in.position(in.position() + PACKET_HEADER_BYTES);
            if (in.remaining() < captured) {
                break;
            }
            packet(in.slice(in.position(), captured).order(ByteOrder.BIG_ENDIAN), segments);
            in.position(in.position() + captured);
        }
        Map<String, byte[]> streams = new LinkedHashMap<>();
        segments.forEach((name, parts) -> streams.put(name, joined(parts)));
        return streams;
    }

    private static void packet(ByteBuffer packet, Map<String, TreeMap<Integer, byte[]>> segments) {
        int kind = Short.toUnsignedInt(packet.getShort(12));
        int ip = ETHERNET_BYTES;
        int tcp;
        int end;
        if (kind == IPV4 && packet.get(ip + 9) == TCP) {
            tcp = ip + (packet.get(ip) & 0xf) * 4;
            end = ip + Short.toUnsignedInt(packet.getShort(ip + 2));
        } else if (kind == IPV6 && packet.get(ip + 6) == TCP) {
            tcp = ip + IPV6_HEADER_BYTES;
            end = tcp + Short.toUnsignedInt(packet.getShort(ip + 4));
        } else {
            return;
        }
        int data = tcp + (packet.get(tcp + 12) >> 4 & 0xf) * 4;
        String name = Short.toUnsignedInt(packet.getShort(tcp)) + ">" + Short.toUnsignedInt(packet.getShort(tcp + 2));
        if (end > data) {
            byte[] bytes = new byte[end - data];
            packet.get(data, bytes);
            segments.computeIfAbsent(name, n -> new TreeMap<>(Integer::compareUnsigned))
                    .put(packet.getInt(tcp + 4), bytes);
        }
    }

    /** What came twice counts once; the streams are far shorter than sequence numbers are long. */
    private static byte[] joined(TreeMap<Integer, byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int first = parts.firstKey();
        parts.forEach((sequence, bytes) -> {
            int known = all.size() - (sequence - first);
            assertThat(known).as("no segment is missing").isNotNegative();
            if (known < bytes.length) {
                all.write(bytes, known, bytes.length - known);
            }
        });
        return all.toByteArray();
    }

    @Override
    public void close() {
        tcpdump.descendants().forEach(ProcessHandle::destroyForcibly);
        tcpdump.destroyForcibly();
    }
}
