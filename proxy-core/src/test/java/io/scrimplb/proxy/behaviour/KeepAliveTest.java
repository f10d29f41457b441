package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.ClosingOrigin;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.ResettingOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long connections live on both sides, and what order answers come in (RFC 9112 section 9). */
@Timeout(60)
class KeepAliveTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @EveryTransport
    void aHundredRequestsTakeOneConnectionOnEachSide(Transport transport) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int i = 0; i < 100; i++) {
            assertThat(client.get("a.test", "/" + i).text()).isEqualTo("a");
        }

        assertThat(origin.connections()).isEqualTo(1);
        assertThat(origin.requests()).isEqualTo(100);
    }

    @Test
    void clientsOneAfterTheOtherShareTheOriginsConnection() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.start(SpecBuilder.webTo(origin.address()));

        for (int i = 0; i < 20; i++) {
            try (RawClient client = RawClient.connect(proxy.web())) {
                assertThat(client.get("a.test", "/").text()).isEqualTo("a");
            }
        }

        assertThat(origin.connections()).isEqualTo(1);
    }

    @EveryTransport
    void pipelinedRequestsAreAnsweredInOrder(Transport transport) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> exchange.send(200, exchange.target())));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a.test\r\n\r\n");
        }

        client.send(requests.toString());

        for (int i = 0; i < 50; i++) {
            assertThat(client.response().text()).isEqualTo("/" + i);
        }
    }

    @EveryTransport
    void pipelinedRequestsWithBodiesAreAnsweredInOrder(Transport transport) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> exchange.send(
                200,
                exchange.target() + "=" + new String(exchange.body().readAllBytes(), StandardCharsets.ISO_8859_1))));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        client.send("GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\n"
                + "POST /2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello"
                + "POST /3 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
                + "GET /none HTTP/1.1\r\nHost: a.test\r\n\r\n"
                + "POST /4 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n"
                + "GET /5 HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");

        for (String expected : List.of("/1=", "/2=hello", "/3=abc", "/none=", "/4=", "/5=")) {
            assertThat(client.response().text()).isEqualTo(expected);
        }
        assertThat(client.closedWithin(SOON)).isTrue();
    }

    @Test
    void pipelinedRequestsToDifferentOriginsWaitForTheirTurn() throws Exception {
        CountDownLatch fastDone = new CountDownLatch(1);
        HttpOrigin slow = proxy.with(HttpOrigin.start(exchange -> {
            awaitAtMost(fastDone, Duration.ofMillis(300));
            exchange.send(200, "slow");
        }));
        HttpOrigin fast = proxy.with(HttpOrigin.start(exchange -> {
            exchange.send(200, "fast");
            fastDone.countDown();
        }));
        proxy.start(SpecBuilder.web()
                .upstream("slow", slow.address())
                .upstream("fast", fast.address())
                .route("slow.test", "/", "slow")
                .route("fast.test", "/", "fast"));
        RawClient client = proxy.client();

        client.send("GET / HTTP/1.1\r\nHost: slow.test\r\n\r\nGET / HTTP/1.1\r\nHost: fast.test\r\n\r\n"
                + "GET / HTTP/1.1\r\nHost: none.test\r\n\r\nGET / HTTP/1.1\r\nHost: slow.test\r\n\r\n");

        assertThat(client.response().text()).isEqualTo("slow");
        assertThat(client.response().text()).isEqualTo("fast");
        assertThat(client.response().status()).isEqualTo(404);
        assertThat(client.response().text()).isEqualTo("slow");
    }

    @Test
    void aClientThatAsksForCloseGetsItAndTheOriginsConnectionStays() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.start(SpecBuilder.webTo(origin.address()));

        for (int i = 0; i < 3; i++) {
            RawClient client = proxy.client();
            RawResponse response = client.get("a.test", "/", "Connection: close");
            assertThat(response.text()).isEqualTo("a");
            assertThat(response.head().lists("Connection", "close")).isTrue();
            assertThat(client.closedWithin(SOON)).isTrue();
        }

        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void anOriginThatClosesCostsTheClientNothing() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.send(200, "a", "Connection: close");
            exchange.closeAfterwards();
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int i = 0; i < 5; i++) {
            RawResponse response = client.get("a.test", "/");
            assertThat(response.text()).isEqualTo("a");
            assertThat(response.head().lists("Connection", "close")).isFalse();
        }
        assertThat(origin.connections()).isEqualTo(5);
    }

    @Test
    void anHttp10ClientMayAskToKeepItsConnection() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int i = 0; i < 3; i++) {
            client.head("GET / HTTP/1.0", "Host: a.test", "Connection: Keep-Alive");
            RawResponse response = client.response();
            assertThat(response.text()).isEqualTo("a");
            assertThat(response.head().lists("Connection", "keep-alive")).isTrue();
        }
    }

    @Test
    void emptyLinesBeforeARequestAreSkipped() throws Exception {
        // RFC 9112 section 2.2: some clients send one after a body.
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        client.send("\r\n");
        assertThat(client.get("a.test", "/").text()).isEqualTo("a");
        client.send("\r\n");
        assertThat(client.get("a.test", "/").text()).isEqualTo("a");
    }

    @EveryTransport
    void anAnswerBeforeTheEndOfAnUploadReachesTheClientAndEndsTheConnection(Transport transport) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.send(413, "too much");
            awaitAtMost(done, Duration.ofSeconds(20));
            exchange.closeAfterwards();
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 1000000")
                .send("the start");

        RawResponse response = client.response();

        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).isEqualTo("too much");
        assertThat(client.closedWithin(SOON)).isTrue();
        done.countDown();
    }

    @EveryTransport
    void anAnswerInTheMiddleOfALargeUploadIsNotLostToAReset(Transport transport) throws Exception {
        // Closing with unread bytes sends a reset, which may take the response with it: read on for a while first.
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> exchange.send(413, "too much")));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        for (int round = 0; round < 5; round++) {
            RawClient client = proxy.client();
            client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 2000000");
            client.sendAsFarAsTaken(new byte[1_000_000]);

            RawResponse response = client.response();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.text()).isEqualTo("too much");
        }
    }

    @EveryTransport
    void aPooledConnectionThatTheOriginClosedCostsNoGet(Transport transport) throws Exception {
        ClosingOrigin origin = proxy.with(ClosingOrigin.afterAnswers(1));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int i = 0; i < 200; i++) {
            assertThat(client.get("a.test", "/" + i).status()).isEqualTo(200);
        }
    }

    @Test
    void aPostIsNeverSentTwiceWhenThePooledConnectionMayHaveTakenIt() throws Exception {
        ClosingOrigin origin = proxy.with(ClosingOrigin.afterAnswers(1));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int i = 0; i < 100; i++) {
            client.head("POST /" + i + " HTTP/1.1", "Host: a.test", "Content-Length: 1")
                    .send("x");
            RawResponse response = client.response();
            assertThat(response.status()).isIn(200, 502);
            if (response.head().has("Connection")) {
                // The pooled connection ended before the proxy had the byte of this body: the answer came early.
                client = proxy.client();
            }
        }

        assertThat(origin.targets()).doesNotHaveDuplicates();
    }

    @Test
    void aPostThatTheOriginTookBeforeItResetIsAnswered502AndSentOnce() throws Exception {
        ResettingOrigin resetting = proxy.with(ResettingOrigin.start());
        HttpOrigin other = proxy.with(HttpOrigin.named("other"));
        proxy.start(SpecBuilder.webTo(resetting.address(), other.address()));
        int failed = 0;

        for (int i = 0; i < 4; i++) {
            RawClient client = proxy.client();
            client.head("POST /" + i + " HTTP/1.1", "Host: a.test", "Content-Length: 5")
                    .send("hello");
            RawResponse response = client.response();
            if (response.status() == 502) {
                assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("upstream-reset");
                failed++;
            }
        }

        assertThat(failed).isPositive();
        assertThat(resetting.requests()).isEqualTo(failed);
        assertThat(other.requests()).isEqualTo(4 - failed);
    }

    @Test
    void aClientThatLeavesWhileItWaitsEndsTheOriginsConnection() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            // Reads on: the end of the connection is what the origin is to see.
            exchange.closeAfterwards();
            if (exchange.body().framing() == io.scrimplb.proxy.partners.MessageBody.Framing.NONE) {
                assertThat(exchange.connectionEnded()).isTrue();
                never.countDown();
            }
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test");
        await().until(() -> origin.requests() == 1);

        client.reset();

        assertThat(never.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatLeavesInTheMiddleOfADownloadEndsTheOriginsConnection() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            exchange.out().write(new byte[1000]);
            exchange.body().readAllBytes();
            while (true) {
                exchange.out().write(new byte[64 * 1024]);
            }
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test");
        assertThat(client.responseHead().status()).isEqualTo(200);

        client.reset();

        await().atMost(SOON).until(() -> origin.open() == 0);
    }

    @Test
    void aConnectionKeepsItsPlaceWhileOthersComeAndGo() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.loops(2).start(SpecBuilder.webTo(origin.address()));
        RawClient first = proxy.client();
        assertThat(first.get("a.test", "/").text()).isEqualTo("a");

        for (int i = 0; i < 20; i++) {
            try (RawClient other = RawClient.connect(proxy.web())) {
                assertThat(other.get("a.test", "/").text()).isEqualTo("a");
            }
        }

        assertThat(first.get("a.test", "/").text()).isEqualTo("a");
        assertThat(origin.connections()).as("one for each loop at most").isLessThanOrEqualTo(2);
    }

    private static void awaitAtMost(CountDownLatch latch, Duration limit) throws IOException {
        try {
            latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
