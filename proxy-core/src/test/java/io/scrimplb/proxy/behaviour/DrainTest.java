package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.TcpEchoOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end in good order: no new work, what is in flight ends, bounded in time. */
@Timeout(60)
class DrainTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(5);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final CountDownLatch answer = new CountDownLatch(1);
    private final HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
        if (exchange.target().equals("/slow")) {
            try {
                answer.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        exchange.send(200, "done");
    }));

    private CompletableFuture<Boolean> drain(Duration limit) {
        return CompletableFuture.supplyAsync(() -> proxy.server().drain(limit));
    }

    private RawClient slowRequest() throws IOException {
        RawClient client = proxy.client();
        client.head("GET /slow HTTP/1.1", "Host: a.test");
        await().until(() -> origin.requests() == 1);
        return client;
    }

    private void awaitRefused(InetSocketAddress address) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThatThrownBy(
                                () -> RawClient.connect(address).close())
                        .isInstanceOf(UncheckedIOException.class));
    }

    @Test
    void aProxyWithNothingInFlightIsDrainedAtOnce() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));

        assertThat(drain(LONG).get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatIsInFlightEndsAndNothingNewIsAccepted() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        InetSocketAddress address = proxy.web();
        RawClient client = slowRequest();

        CompletableFuture<Boolean> drained = drain(LONG);

        awaitRefused(address);
        assertThat(drained).isNotDone();
        answer.countDown();
        RawResponse response = client.response();
        assertThat(response.text()).isEqualTo("done");
        assertThat(response.head().lists("Connection", "close")).isTrue();
        assertThat(client.closedWithin(SOON)).isTrue();
        assertThat(drained.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient idle = proxy.client();
        assertThat(idle.get("a.test", "/").status()).isEqualTo(200);

        CompletableFuture<Boolean> drained = drain(LONG);

        assertThat(idle.closedWithin(SOON)).isTrue();
        assertThat(drained.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatDoesNotEndInTimeIsReported() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        slowRequest();

        assertThat(drain(Duration.ofSeconds(1)).get(8, TimeUnit.SECONDS)).isFalse();
        answer.countDown();
    }

    @Test
    void aTcpSessionMayEndInItsOwnTime() throws Exception {
        TcpEchoOrigin echo = proxy.with(new TcpEchoOrigin());
        proxy.start(SpecBuilder.tcpTo(echo.address()));
        InetSocketAddress address = proxy.address("raw");
        RawClient client = proxy.with(RawClient.connect(address)).send("x");
        assertThat(client.exactText(1)).isEqualTo("x");

        CompletableFuture<Boolean> drained = drain(LONG);

        awaitRefused(address);
        client.send("still");
        assertThat(client.exactText(5)).isEqualTo("still");
        assertThat(drained).isNotDone();
        client.close();
        assertThat(drained.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void pipelinedRequestsOfAConnectionEndWithTheOneInFlight() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        InetSocketAddress address = proxy.web();
        RawClient client = slowRequest();
        CompletableFuture<Boolean> drained = drain(LONG);
        awaitRefused(address);
        answer.countDown();

        assertThat(client.response().text()).isEqualTo("done");

        assertThat(drained.get(5, TimeUnit.SECONDS)).isTrue();
        assertThat(proxy.server().activeExchanges()).isZero();
    }
}
