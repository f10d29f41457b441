package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.AcceptingSocket;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a request on kept connections leaves to the garbage collector. */
@Timeout(60)
class AllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 10_000;
    private static final int ATTEMPTS = 5;

    /**
     * Bytes a request. Compiled code allocates none but for what Netty makes of an event; the rest is room for methods that the
     * compiler has not come to.
     */
    private static final long ALLOWED_BYTES = 64;

    private static final byte[] RESPONSE = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REQUEST =
            "GET /a/path?and=query HTTP/1.1\r\nHost: a.test\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

    @BeforeEach
    void followNoBuffers() {
        before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void followBuffersAgain() {
        ResourceLeakDetector.setLevel(before);
    }

    @Test
    void aKeptAliveRequestAllocatesCloseToNothing() throws Exception {
        // NIO's selector allocates for itself.
        AcceptingSocket origin = proxy.with(AcceptingSocket.start("lean", AllocationTest::answerAll));
        proxy.on(Transport.EPOLL).start(SpecBuilder.webTo(origin.address()));

        try (Socket client = new Socket(proxy.web().getAddress(), proxy.web().getPort())) {
            client.setTcpNoDelay(true);
            request(client, WARM_UP);
            long perRequest = Long.MAX_VALUE;
            // The compiler may still be at it on a busy machine.
            for (int attempt = 0; attempt < ATTEMPTS && perRequest > ALLOWED_BYTES; attempt++) {
                long start = allocatedByLoops();
                request(client, MEASURED);
                perRequest = (allocatedByLoops() - start) / MEASURED;
            }

            System.out.println("FIGURE bytes allocated a keep-alive request: " + perRequest);
            assertThat(perRequest).isLessThanOrEqualTo(ALLOWED_BYTES);
        }
    }

    private static void request(Socket client, int times) throws IOException {
        byte[] answer = new byte[RESPONSE.length];
        for (int i = 0; i < times; i++) {
            client.getOutputStream().write(REQUEST);
            client.getInputStream().readNBytes(answer, 0, answer.length);
        }
        assertThat(answer).isEqualTo(RESPONSE);
    }

    /** Reads requests that all end alike, without looking at them. */
    private static void answerAll(Socket socket, int connection) throws IOException {
        socket.setTcpNoDelay(true);
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[4096];
        int end = 0;
        for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
            for (int i = 0; i < count; i++) {
                end = bytes[i] == "\r\n\r\n".charAt(end) ? end + 1 : bytes[i] == '\r' ? 1 : 0;
                if (end == 4) {
                    end = 0;
                    socket.getOutputStream().write(RESPONSE);
                }
            }
        }
    }

    private static long allocatedByLoops() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] loops = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("scrimp-loop"))
                .mapToLong(Thread::getId)
                .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(loops)).sum();
    }
}
