package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Messages with a few bytes changed, dropped, doubled or swapped for those that parsers stumble over. Whatever becomes of
 * one: the proxy does not break, what reaches an origin is well formed, and the next client is served. Seeded; the seed
 * is part of every failure.
 */
@Timeout(120)
class MutationTest {
    private static final long SEED = 20261121;
    private static final int ROUNDS = 400;
    private static final List<String> TROUBLE = List.of(
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "\t",
            "\0",
            ":",
            ";",
            ",",
            "\u007f",
            "\u00ff",
            "0",
            "-",
            "%2e",
            "%00",
            "/../",
            "HTTP/1.1",
            "Content-Length: 1\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Host: b\r\n",
            "\"",
            "*");
    private static final List<String> REQUESTS = List.of(
            "GET /a/b?c=d HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            "POST /p HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
            "POST /c HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                    + "5\r\nhello\r\n3;a=b\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
            "GET http://a.test/abs HTTP/1.1\r\nHost: a.test\r\nConnection: close, X-A\r\nX-A: 1\r\n\r\n",
            "GET /w HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    private static final List<String> RESPONSES = List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
            "HTTP/1.0 200 OK\r\nX-A: b\r\n\r\nuntil the end");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private static String mutate(String message, Random random) {
        StringBuilder mutated = new StringBuilder(message);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(5)) {
                case 0 -> mutated.deleteCharAt(at);
                case 1 -> mutated.setCharAt(at, (char) random.nextInt(256));
                case 2 -> mutated.insert(at, TROUBLE.get(random.nextInt(TROUBLE.size())));
                case 3 -> mutated.insert(at, mutated.substring(at, Math.min(mutated.length(), at + 12)));
                default -> mutated.replace(at, at + 1, TROUBLE.get(random.nextInt(TROUBLE.size())));
            }
            if (mutated.isEmpty()) {
                return message;
            }
        }
        return mutated.toString();
    }

    @EveryTransport
    void requestsWithAFewBytesChangedDoNoHarm(Transport transport) throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        Random random = new Random(SEED);

        for (int round = 0; round < ROUNDS; round++) {
            String request = mutate(REQUESTS.get(random.nextInt(REQUESTS.size())), random);
            try (RawClient client = RawClient.connect(proxy.web())) {
                client.sendAsFarAsTaken(request.getBytes(StandardCharsets.ISO_8859_1));
                // Some are incomplete now and wait for more; that is no answer to wait for.
                assertThat(client.untilClosedOrSilentFor(Duration.ofMillis(25)))
                        .as("seed %d, round %d: <%s>", SEED, round, request)
                        .doesNotContain("X-Scrimp-Error: internal");
            } catch (IOException refused) {
                // Closed before all was sent.
            }
        }

        assertThat(proxy.client().get("a.test", "/last").status()).isEqualTo(200);
        assertThat(origin.requests()).as("enough of them were still requests").hasSizeGreaterThan(ROUNDS / 10);
        assertThat(origin.unreadable()).as("seed %d", SEED).isEmpty();
        assertThat(origin.requests()).allSatisfy(request -> {
            MessageHead head = request.head();
            assertThat(head.startLine()).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\\x21-\\x7e]+ HTTP/1\\.1");
            assertThat(head.all("Host")).hasSizeLessThanOrEqualTo(1);
            assertThat(head.all("Content-Length").size()
                            + head.all("Transfer-Encoding").size())
                    .isLessThanOrEqualTo(1);
            assertThat(head.raw()).doesNotContain("\0").doesNotContainPattern("[^\r]\n|\r[^\n]");
            assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        });
    }

    @EveryTransport
    void responsesWithAFewBytesChangedDoNoHarm(Transport transport) throws Exception {
        AtomicReference<String> next = new AtomicReference<>("");
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw(next.get());
            exchange.closeAfterwards();
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        Random random = new Random(SEED);

        for (int round = 0; round < ROUNDS; round++) {
            next.set(mutate(RESPONSES.get(random.nextInt(RESPONSES.size())), random));
            String context = "seed " + SEED + ", round " + round + ": <" + next.get() + ">";
            try (RawClient client = RawClient.connect(proxy.web())) {
                client.head("GET / HTTP/1.1", "Host: a.test", "Connection: close");
                assertReadable(client, context);
            }
        }
    }

    /** The client's strict reader can read what the proxy made of it, to an end or to a cut. */
    private static void assertReadable(RawClient client, String context) {
        try {
            RawResponse response = client.response();
            assertThat(response.head().first("X-Scrimp-Error")).as(context).isNotEqualTo(Optional.of("internal"));
            assertThat(response.head().raw()).as(context).doesNotContain("\0");
            assertThat(response.head().all("Content-Length").size()
                            + response.head().all("Transfer-Encoding").size())
                    .as(context)
                    .isLessThanOrEqualTo(1);
        } catch (java.io.EOFException | java.net.SocketException cut) {
            // After an interim response there may be nothing left to say but the end.
        } catch (IOException | RuntimeException unreadable) {
            throw new AssertionError(context, unreadable);
        }
    }
}
