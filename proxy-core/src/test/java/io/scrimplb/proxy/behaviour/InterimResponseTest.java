package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 1xx responses (RFC 9110 section 15.2) and {@code Expect: 100-continue} (section 10.1.1). */
@Timeout(60)
class InterimResponseTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private static RawClient expecting(RawClient client) throws Exception {
        return client.head("POST /up HTTP/1.1", "Host: a.test", "Content-Length: 5", "Expect: 100-continue");
    }

    @Test
    void theBodyIsSentOnceTheOriginSaysContinue() throws Exception {
        AtomicReference<String> expectation = new AtomicReference<>("");
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            expectation.set(exchange.head().first("Expect").orElse("none"));
            exchange.raw("HTTP/1.1 100 Continue\r\n\r\n");
            exchange.send(200, new String(exchange.body().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = expecting(proxy.client());

        assertThat(client.responseHead().status()).isEqualTo(100);
        client.send("hello");

        RawResponse response = client.response();
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.interim()).as("only one 100").isEmpty();
        assertThat(expectation.get()).isEqualToIgnoringCase("100-continue");
        assertThat(client.get("a.test", "/next").status())
                .as("the connection goes on")
                .isEqualTo(200);
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void aClientThatDoesNotWaitIsServedToo() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 100 Continue\r\n\r\n");
            exchange.send(200, new String(exchange.body().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));

        RawClient client = expecting(proxy.client()).send("hello");

        assertThat(client.response().text()).isEqualTo("hello");
        assertThat(client.get("a.test", "/next").status()).isEqualTo(200);
    }

    @Test
    void anOriginThatAnswersWithoutContinueIsHeard() throws Exception {
        // The client waits a while, then sends its body anyway, as RFC 9110 allows.
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = expecting(proxy.client());
        org.awaitility.Awaitility.await().until(() -> origin.raw(1).endsWith("\r\n\r\n"));

        client.send("hello");

        assertThat(client.response().text()).isEqualTo("ok");
        assertThat(origin.next().text()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {417, 401, 413, 200})
    void aFinalAnswerInPlaceOfContinueReachesTheClientAndEndsTheConnections(int status) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            if (exchange.head().has("Expect")) {
                exchange.send(status, "no");
            } else {
                exchange.send(200, "next");
            }
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = expecting(proxy.client());

        RawResponse response = client.response();

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text()).isEqualTo("no");
        assertThat(response.interim()).isEmpty();
        assertThat(client.closedWithin(SOON)).isTrue();
        assertThat(proxy.client().get("a.test", "/next").text()).isEqualTo("next");
        assertThat(origin.connections())
                .as("a connection whose request never ended is not reused")
                .isEqualTo(2);
    }

    @Test
    void earlyHintsReachAnHttp11Client() throws Exception {
        RecordingOrigin origin =
                proxy.with(RecordingOrigin.answering("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                        + "HTTP/1.1 103 Early Hints\r\nLink: </b.css>\r\n\r\n" + RecordingOrigin.OK));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int round = 0; round < 2; round++) {
            RawResponse response = client.get("a.test", "/");
            assertThat(response.interim()).extracting(MessageHead::status).containsExactly(103, 103);
            assertThat(response.interim().get(1).value("Link")).isEqualTo("</b.css>");
            assertThat(response.text()).isEqualTo("ok");
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void interimResponsesNeverReachAnHttp10Client() throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.answering(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                        + RecordingOrigin.OK));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.0", "Host: a.test");

        RawResponse response = client.response();

        assertThat(response.interim()).isEmpty();
        assertThat(response.text()).isEqualTo("ok");
    }

    @Test
    void anOriginThatSendsInterimResponsesForEverIsCutOff() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            while (true) {
                exchange.raw("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n".repeat(100));
            }
        }));
        proxy.start(SpecBuilder.webTo(origin.address()).firstByte(Duration.ofSeconds(1)));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test");

        // It ends, by whatever limit: a count of interim responses or the time to the final one.
        assertThat(client.response().status()).isIn(502, 504);
    }

    @Test
    void switchingProtocolsUnaskedIsABadResponse() throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.answering(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
        proxy.start(SpecBuilder.webTo(origin.address()));

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("bad-response");
    }
}
