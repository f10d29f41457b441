package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bounds on what a client or an origin can make the proxy hold. */
@Timeout(60)
class LimitTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int HEAD_BYTES = 4096;
    private static final int HEADER_COUNT = 10;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final RecordingOrigin origin = proxy.with(RecordingOrigin.start());

    private RawClient started() {
        proxy.start(SpecBuilder.webTo(origin.address()).limits(HEAD_BYTES, HEADER_COUNT, 1000));
        return proxy.client();
    }

    private static void send(RawClient client, String head) {
        client.sendAsFarAsTaken(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void emptyLinesForEverBeforeARequestAreRefused() throws Exception {
        RawClient client = started();

        send(client, "\r\n".repeat(100_000));

        assertThat(client.untilClosed()).doesNotStartWith("HTTP/1.1 200");
        assertThat(origin.bytesReceived()).isZero();
    }

    @Test
    void aChunkExtensionThatNeverEndsIsRefused() throws Exception {
        RawClient client = started();
        client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");

        send(client, "5;" + "x".repeat(1_000_000));

        String seen = client.untilClosed();
        assertThat(seen.isEmpty() || seen.startsWith("HTTP/1.1 4")).isTrue();
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void trailersOfARequestThatNeverEndAreRefused() throws Exception {
        RawClient client = started();
        client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");

        send(client, "5\r\nhello\r\n0\r\n" + "X-Trailer: x\r\n".repeat(100_000));

        String seen = client.untilClosed();
        assertThat(seen.isEmpty() || seen.startsWith("HTTP/1.1 4")).isTrue();
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void aConnectionOverTheLimitIsClosedAtOnceAndTheNextOneServedWhenAnotherLeft() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).limits(HEAD_BYTES, HEADER_COUNT, 2));
        RawClient one = proxy.client();
        RawClient two = proxy.client();
        assertThat(one.get("a.test", "/").status()).isEqualTo(200);
        assertThat(two.get("a.test", "/").status()).isEqualTo(200);

        assertThat(proxy.client().closedWithin(SOON)).isTrue();
        assertThat(two.get("a.test", "/").status()).isEqualTo(200);

        one.close();
        await().atMost(SOON).ignoreException(IOException.class).until(() -> {
            try (RawClient next = RawClient.connect(proxy.web())) {
                return next.get("a.test", "/").status() == 200;
            }
        });
    }
}
