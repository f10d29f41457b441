package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that hold a connection and do not use it (slowloris and its kin). */
@Timeout(60)
class TimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofSeconds(8);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final RecordingOrigin origin = proxy.with(RecordingOrigin.start());

    @Test
    void aHeadThatStallsIs408AndTheConnectionEnds() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).clientHeader(SHORT));
        RawClient client = proxy.client();
        client.send("GET / HTTP/1.1\r\nHost: a.test\r\nX-Slow: ");

        RawResponse response = client.response();

        assertThat(response.status()).isEqualTo(408);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("header-timeout");
        assertThat(client.closedWithin(SOON)).isTrue();
        assertThat(origin.bytesReceived()).isZero();
    }

    @Test
    void aHeadThatTricklesIsNoBetterThanOneThatStalls() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).clientHeader(SHORT));
        RawClient client = proxy.client();
        client.send("GET / HTTP/1.1\r\nHost: a.test\r\nX-Slow: ");
        AtomicBoolean closed = new AtomicBoolean();

        await().atMost(SOON).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            try {
                client.send("x");
            } catch (IOException ended) {
                closed.set(true);
            }
            assertThat(closed).isTrue();
        });
        assertThat(origin.bytesReceived()).isZero();
    }

    @Test
    void theTimeForAHeadBeginsAnewWithEachRequest() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).clientHeader(SHORT));
        RawClient client = proxy.client();

        assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        assertThat(client.silentFor(Duration.ofMillis(1500)))
                .as("an idle connection has no head to finish")
                .isTrue();
        assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        client.send("GET / HT");
        assertThat(client.response().status()).isEqualTo(408);
    }

    @Test
    void aConnectionOnWhichNothingIsSentIsClosedQuietly() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).clientIdle(SHORT).clientHeader(SHORT));

        assertThat(proxy.client().closedWithin(SOON)).isTrue();
    }

    @Test
    void anIdleConnectionIsClosedQuietly() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).clientIdle(SHORT));
        RawClient client = proxy.client();

        assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        assertThat(client.closedWithin(SOON)).isTrue();
    }

    @Test
    void anUploadWithoutProgressEnds() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).clientIdle(SHORT));
        RawClient client = proxy.client();
        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100").send("some");

        String seen = client.untilClosed();

        if (!seen.isEmpty()) {
            assertThat(seen).startsWith("HTTP/1.1 408 ").contains("client-timeout");
        }
        assertThat(origin.requests()).isEmpty();
        await().atMost(SOON).until(() -> origin.open() == 0);
    }

    @Test
    void aRequestThatWaitsForItsOriginIsNotIdle() throws Exception {
        io.scrimplb.proxy.partners.HttpOrigin slow =
                proxy.with(io.scrimplb.proxy.partners.HttpOrigin.start(exchange -> {
                    java.util.concurrent.CountDownLatch later = new java.util.concurrent.CountDownLatch(1);
                    try {
                        later.await(1800, java.util.concurrent.TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    exchange.send(200, "late");
                }));
        proxy.start(SpecBuilder.webTo(slow.address()).clientIdle(SHORT).clientHeader(SHORT));

        assertThat(proxy.client().get("a.test", "/").text()).isEqualTo("late");
    }
}
