package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.acme.Preflight.Outcome;
import io.scrimplb.app.acme.Preflight.Reached;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes of looking at a challenge, whatever answers. */
@Timeout(60)
class LookoutTest {
    private static final Challenge.Http CHALLENGE = new Challenge.Http("localhost", "token", "token.thumbprint");

    @Test
    void ourAnswerIsToldFromAnothersAndARedirectSaysNothing() throws Exception {
        assertThat(look("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\ntoken.thumbprint\n", Duration.ofSeconds(10)))
                .isEqualTo(new Reached(Outcome.OURS, ""));
        assertThat(look("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nPark", Duration.ofSeconds(10)))
                .isEqualTo(new Reached(Outcome.OTHER, "status 200"));
        assertThat(look("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", Duration.ofSeconds(10)))
                .isEqualTo(new Reached(Outcome.UNKNOWN, "status 302"));
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForWithoutEnd() throws Exception {
        assertThat(look("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n", Duration.ofMillis(300)))
                .isEqualTo(new Reached(Outcome.NOBODY, "no answer in time"));
    }

    @Test
    void theBodyOfAnErrorAndTheRestOfALongOneAreNotWaitedFor() throws Exception {
        assertThat(look("HTTP/1.1 404 Not Found\r\nContent-Length: 17\r\n\r\n", Duration.ofSeconds(10)))
                .isEqualTo(new Reached(Outcome.OTHER, "status 404"));
        assertThat(look(
                        "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(2_001),
                        Duration.ofSeconds(10)))
                .isEqualTo(new Reached(Outcome.OTHER, "status 200"));
    }

    /** What is said of a server that answers so, and no more, and leaves the connection open. */
    private static Reached look(String answer, Duration timeout) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try {
                    Socket client = server.accept();
                    BufferedReader request = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                    while (!request.readLine().isEmpty()) {
                        // To the end of the head.
                        continue;
                    }
                    OutputStream out = client.getOutputStream();
                    out.write(answer.getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    // Until the other side has had enough.
                    while (client.getInputStream().read() >= 0) {
                        continue;
                    }
                    client.close();
                } catch (IOException e) {
                    // The end of the connection.
                    return;
                }
            });
            answering.setDaemon(true);
            answering.start();
            return new Lookout(timeout).fetch(CHALLENGE, server.getLocalPort());
        }
    }
}
