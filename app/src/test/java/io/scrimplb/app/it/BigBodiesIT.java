package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Bodies far bigger than the memory of the load balancer: they pass, and they wait where they must. */
@Timeout(120)
class BigBodiesIT {
    private static final long GIGABYTE = 1L << 30;
    private static final long MEGABYTE = 1L << 20;
    /** Heap and direct memory are 80 MB, the JVM itself needs the rest. */
    private static final long MOST_KIB = 200 * 1024;

    private static final long GROWTH_KIB = 60 * 1024;
    /** Socket buffers on the way are the system's and the proxy's own are small. */
    private static final long HELD_ON_THE_WAY = 96 * MEGABYTE;

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    private int port;
    private BigOrigin origin;
    private Site.Balancer balancer;
    private ResidentMemory memory;

    @BeforeEach
    void start() throws Exception {
        origin = rig.closing(new BigOrigin());
        port = Ports.listen();
        balancer = new Site(rig, directory)
                .balancer(
                        config -> {
                            ObjectNode big = config.putObject("load-balancer-config")
                                    .putArray("static-backends")
                                    .addObject();
                            big.put("name", "big").put("listen-port", port);
                            big.putArray("addresses").add("127.0.0.1:" + origin.port());
                        },
                        "-Xmx48m",
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:+UseSerialGC");
        // A first exchange, so that what is loaded once is not counted as growth.
        assertThat(download(MEGABYTE)).isEqualTo(origin.checksum(MEGABYTE));
        memory = rig.closing(new ResidentMemory(balancer.process().pid()));
    }

    @Test
    void aGigabytePassesBothWaysInFlatMemory() throws Exception {
        long before = memory.nowKiB();
        long expected = origin.checksum(GIGABYTE);
        long start = System.nanoTime();
        assertThat(download(GIGABYTE)).isEqualTo(expected);
        Duration down = Figures.since(start);

        start = System.nanoTime();
        try (Socket socket = connect()) {
            BigOrigin.head(socket, "PUT /upload HTTP/1.1\r\nHost: big.test\r\nContent-Length: " + GIGABYTE);
            long sent = origin.send(socket.getOutputStream(), GIGABYTE, new AtomicLong());
            assertThat(sent).isEqualTo(expected);
            Map<String, String> head = head(socket.getInputStream());
            byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(head.get("content-length")));
            assertThat(new String(body)).isEqualTo(Long.toHexString(expected));
        }
        Duration up = Figures.since(start);

        Figures.tell("1 GB download", down);
        Figures.tell("1 GB upload", up);
        Figures.tell(
                "resident memory with -Xmx48m -XX:MaxDirectMemorySize=32m",
                before / 1024 + " MB before, at most " + memory.mostKiB() / 1024 + " MB during 1 GB each way");
        assertThat(memory.mostKiB()).isLessThan(MOST_KIB);
        assertThat(memory.mostKiB() - before).as("growth, KiB").isLessThan(GROWTH_KIB);
    }

    /** By curl, in clear text, since it is the flow control of HTTP/2 that has to hold it back. */
    @Test
    void aGigabyteByHttp2IsUploadedInFlatMemoryToAnApplicationOfHttp1() throws Exception {
        long before = memory.nowKiB();
        long start = System.nanoTime();
        Process curl = curl(
                "--silent",
                "--show-error",
                "--http2-prior-knowledge",
                "--upload-file",
                "-",
                "--header",
                "Host: big.test",
                "--header",
                "Content-Length: " + GIGABYTE,
                "--write-out",
                " by HTTP/%{http_version}",
                "http://127.0.0.1:" + port + "/upload");
        long sent;
        try (OutputStream upload = curl.getOutputStream()) {
            sent = origin.send(upload, GIGABYTE, new AtomicLong());
        }

        assertThat(new String(curl.getInputStream().readAllBytes())).isEqualTo(Long.toHexString(sent) + " by HTTP/2");
        Figures.tell("1 GB upload by HTTP/2", Figures.since(start));
        Figures.tell(
                "resident memory with -Xmx48m -XX:MaxDirectMemorySize=32m, HTTP/2",
                before / 1024 + " MB before, at most " + memory.mostKiB() / 1024 + " MB");
        assertThat(memory.mostKiB()).isLessThan(MOST_KIB);
        assertThat(memory.mostKiB() - before).as("growth, KiB").isLessThan(GROWTH_KIB);
    }

    @Test
    void aReaderThatStopsReadingStopsTheOrigin() throws Exception {
        long before = origin.written();
        try (Socket socket = connect()) {
            BigOrigin.head(socket, "GET /" + GIGABYTE + " HTTP/1.1\r\nHost: big.test");
            head(socket.getInputStream());
            AtomicLong last = new AtomicLong(-1);
            Awaitility.await("the origin cannot write on")
                    .pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> last.getAndSet(origin.written()) == origin.written());
            long held = origin.written() - before;
            Figures.tell("held on the way to a reader that stopped", held / MEGABYTE + " MB");
            assertThat(held).isLessThan(HELD_ON_THE_WAY);
            assertThat(memory.mostKiB()).isLessThan(MOST_KIB);

            // It was waiting, not broken.
            BigOrigin.checksumOf(socket.getInputStream(), held + 8 * MEGABYTE);
            assertThat(origin.written() - before).isGreaterThan(held);
        }
        assertThat(download(MEGABYTE)).isEqualTo(origin.checksum(MEGABYTE));
    }

    private Process curl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("curl"));
        command.addAll(List.of(arguments));
        try {
            Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
            rig.closing((AutoCloseable) curl::destroyForcibly);
            return curl;
        } catch (IOException e) {
            String reason = "curl is missing: apt-get install curl";
            return "true".equals(System.getenv("CI")) ? fail(reason) : abort(reason);
        }
    }

    private long download(long length) throws Exception {
        try (Socket socket = connect()) {
            BigOrigin.head(socket, "GET /" + length + " HTTP/1.1\r\nHost: big.test");
            InputStream in = socket.getInputStream();
            assertThat(head(in)).containsEntry("content-length", Long.toString(length));
            return BigOrigin.checksumOf(in, length);
        }
    }

    private static Map<String, String> head(InputStream in) throws Exception {
        assertThat(Exchange.line(in)).startsWith("HTTP/1.1 200");
        return Exchange.headers(in);
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket();
        // Before it connects, or the window is the system's choice.
        socket.setReceiveBufferSize(256 * 1024);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        return socket;
    }
}
