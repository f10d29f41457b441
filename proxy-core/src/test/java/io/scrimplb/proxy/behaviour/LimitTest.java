package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
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

    private void assertRefused(RawClient client, int status, String cause) throws IOException {
        RawResponse response = client.response();
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo(cause);
        assertThat(client.closedWithin(SOON)).isTrue();
        assertThat(origin.bytesReceived()).isZero();
    }

    @Test
    void aHeadOverTheLimitIs431() throws Exception {
        RawClient client = started();

        send(client, "GET / HTTP/1.1\r\nHost: a.test\r\nX-Big: " + "x".repeat(HEAD_BYTES) + "\r\n\r\n");

        assertRefused(client, 431, "head-too-large");
    }

    @Test
    void aHeadThatNeverEndsIs431BeforeItsEnd() throws Exception {
        RawClient client = started();

        send(client, "GET / HTTP/1.1\r\nHost: a.test\r\nX-Big: " + "x".repeat(HEAD_BYTES));

        assertRefused(client, 431, "head-too-large");
    }

    @Test
    void moreLinesThanTheLimitAre431() throws Exception {
        RawClient client = started();

        send(client, "GET / HTTP/1.1\r\nHost: a.test\r\n" + "X-A: 1\r\n".repeat(HEADER_COUNT) + "\r\n");

        assertRefused(client, 431, "head-too-large");
    }

    @Test
    void asManyLinesAsTheLimitPass() throws Exception {
        RawClient client = started();

        send(client, "GET / HTTP/1.1\r\nHost: a.test\r\n" + "X-A: 1\r\n".repeat(HEADER_COUNT - 1) + "\r\n");

        assertThat(client.response().status()).isEqualTo(200);
    }

    @Test
    void aHeadJustUnderTheLimitPasses() throws Exception {
        RawClient client = started();

        send(client, "GET / HTTP/1.1\r\nHost: a.test\r\nX-Big: " + "x".repeat(HEAD_BYTES - 200) + "\r\n\r\n");

        assertThat(client.response().status()).isEqualTo(200);
    }

    @Test
    void aTargetThatIsTooLongIs414() throws Exception {
        RawClient client = started();

        send(client, "GET /" + "x".repeat(HEAD_BYTES) + " HTTP/1.1\r\nHost: a.test\r\n\r\n");

        assertRefused(client, 414, "target-too-long");
    }

    @Test
    void aRequestLineThatNeverEndsIsRefusedBeforeItsEnd() throws Exception {
        RawClient client = started();

        send(client, "GET /" + "x".repeat(HEAD_BYTES));

        assertRefused(client, 414, "target-too-long");
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
    void aResponseHeadOverTheLimitIsABadResponse() throws Exception {
        RecordingOrigin verbose = proxy.with(RecordingOrigin.answering(
                "HTTP/1.1 200 OK\r\nX-Big: " + "x".repeat(HEAD_BYTES) + "\r\nContent-Length: 2\r\n\r\nok"));
        proxy.start(SpecBuilder.webTo(verbose.address()).limits(HEAD_BYTES, HEADER_COUNT, 1000));

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("bad-response");
    }

    @Test
    void aResponseWithMoreLinesThanTheLimitIsABadResponse() throws Exception {
        RecordingOrigin verbose = proxy.with(RecordingOrigin.answering(
                "HTTP/1.1 200 OK\r\n" + "X-A: 1\r\n".repeat(HEADER_COUNT) + "Content-Length: 2\r\n\r\nok"));
        proxy.start(SpecBuilder.webTo(verbose.address()).limits(HEAD_BYTES, HEADER_COUNT, 1000));

        assertThat(proxy.client().get("a.test", "/").status()).isEqualTo(502);
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
