package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TCP cuts where it likes: the same bytes mean the same wherever they are cut, and an end in the middle is an error. */
@Timeout(120)
class SegmentationTest {
    private static final String REQUESTS = "POST /1 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\n0B\r\n0123456789A\r\n0\r\nX-T: 1\r\n\r\n"
            + "\r\nGET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n"
            + "POST /3 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\nbody";

    private static final String RESPONSE = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\n0B\r\n0123456789A\r\n0\r\nX-T: 1\r\n\r\n";

    private static final String WHOLE_BODY = "abc0123456789A";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @EveryTransport
    void requestsMayBeCutAnywhere(Transport transport) throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));

        for (int cut = 1; cut < REQUESTS.length(); cut++) {
            try (RawClient client = RawClient.connect(proxy.web())) {
                client.send(REQUESTS.substring(0, cut));
                Thread.yield();
                client.send(REQUESTS.substring(cut));
                for (int i = 1; i <= 3; i++) {
                    assertThat(client.response().text())
                            .as("response %d, cut at %d", i, cut)
                            .isEqualTo("ok");
                }
            }
            for (String expected : List.of("/1 " + WHOLE_BODY, "/2 ", "/3 body")) {
                RecordingOrigin.Recorded request = origin.next();
                assertThat(request.head().target() + " " + request.text())
                        .as("cut at %d", cut)
                        .isEqualTo(expected);
            }
        }
    }

    @EveryTransport
    void aResponseMayBeCutAnywhere(Transport transport) throws Exception {
        AtomicInteger cut = new AtomicInteger();
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw(RESPONSE.substring(0, cut.get()));
            Thread.yield();
            exchange.raw(RESPONSE.substring(cut.get()));
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int at = 1; at < RESPONSE.length(); at++) {
            cut.set(at);
            RawResponse response = client.get("a.test", "/");
            assertThat(response.interim()).hasSize(1);
            assertThat(response.text()).as("cut at %d", at).isEqualTo(WHOLE_BODY);
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @EveryTransport
    void aResponseThatEndsAnywhereBeforeItsEndIsNeverTakenForWhole(Transport transport) throws Exception {
        AtomicInteger end = new AtomicInteger();
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw(RESPONSE.substring(0, end.get()));
            if (end.get() % 3 == 0) {
                exchange.reset();
            }
            exchange.closeAfterwards();
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));

        for (int at = 0; at < RESPONSE.length(); at++) {
            end.set(at);
            assertNotWhole(at);
        }
    }

    private void assertNotWhole(int at) throws IOException {
        try (RawClient client = RawClient.connect(proxy.web())) {
            RawResponse response = client.get("a.test", "/");
            if (response.status() == 502) {
                assertThat(response.head().has("X-Scrimp-Error")).isTrue();
            } else {
                assertThat(response.status()).as("ended at %d", at).isEqualTo(200);
                assertThat(response.complete()).as("ended at %d", at).isFalse();
                assertThat(WHOLE_BODY).startsWith(response.text());
            }
        } catch (java.io.EOFException | java.net.SocketException cut) {
            // Nothing but the end, or an interim response and then the end: no client takes that for a response.
        }
    }

    @EveryTransport
    void aRequestThatEndsAnywhereBeforeItsEndNeverReachesAnOriginWhole(Transport transport) throws Exception {
        String request = REQUESTS.substring(0, REQUESTS.indexOf("\r\nGET"));
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));

        for (int at = 1; at < request.length(); at++) {
            try (RawClient client = RawClient.connect(proxy.web())) {
                client.send(request.substring(0, at));
                if (at % 3 == 0) {
                    client.reset();
                }
            }
        }

        assertThat(proxy.client().get("a.test", "/last").status()).isEqualTo(200);
        proxy.awaitNothingInFlight();
        assertThat(origin.requests())
                .extracting(recorded -> recorded.head().target())
                .containsExactly("/last");
    }

    /** Waits until the origin has handed all to its socket, or the proxy has stopped taking it. */
    private static void awaitStalled(HttpOrigin origin) {
        await().pollDelay(Duration.ofMillis(300)).atMost(Duration.ofSeconds(10)).until(() -> origin.requests() > 0);
    }

    @EveryTransport
    void whatAnOriginSentBeforeItClosedReachesASlowReader(Transport transport) throws Exception {
        // The end is known to the proxy long before the client has taken what came before it.
        int size = 3 << 20;
        byte[] body = "0123456789abcdef".repeat(size / 16).getBytes(StandardCharsets.ISO_8859_1);
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\n"
                    + (exchange.target().equals("/length") ? "Content-Length: " + size + "\r\n" : "")
                    + "Connection: close\r\n\r\n");
            exchange.out().write(body);
            exchange.closeAfterwards();
        }));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));

        for (String target : List.of("/length", "/close")) {
            try (RawClient client =
                    RawClient.connect(proxy.web(), io.scrimplb.proxy.partners.BodyBytes.SMALL_SOCKET_BUFFER)) {
                client.head("GET " + target + " HTTP/1.1", "Host: a.test");
                awaitStalled(origin);
                RawResponse response = client.response();
                assertThat(response.complete()).isTrue();
                assertThat(response.body()).isEqualTo(body);
            }
        }
    }
}
