package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.ClosingOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.partners.RefusingAddress;
import io.scrimplb.proxy.partners.ResettingOrigin;
import io.scrimplb.proxy.partners.SilentAddress;
import io.scrimplb.proxy.partners.StallingOrigin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a request goes to another endpoint, and when it must not. Several rounds, so that each endpoint is first once. */
@Timeout(60)
class RetryTest {
    private static final int ROUNDS = 4;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final RecordingOrigin good = proxy.with(RecordingOrigin.start());

    private InetSocketAddress refusing() {
        return proxy.with(RefusingAddress.open()).address();
    }

    private RawResponse send(String method, String body) throws IOException {
        try (RawClient client = RawClient.connect(proxy.entry())) {
            String framing = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
            client.send(method + " /x HTTP/1.1\r\nHost: a.test\r\n" + framing + "\r\n" + body);
            return client.response(method);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH"})
    void aRequestThatWasRefusedGoesToAnotherEndpointWhateverItsMethod(String method) throws Exception {
        proxy.start(SpecBuilder.webTo(refusing(), good.address()));

        for (int round = 0; round < ROUNDS; round++) {
            assertThat(send(method, "").status()).isEqualTo(200);
        }
        assertThat(good.requests()).hasSize(ROUNDS);
    }

    @Test
    void theBodyOfARequestThatWasRefusedReachesTheOtherEndpointWhole() throws Exception {
        proxy.start(SpecBuilder.webTo(refusing(), refusing(), good.address()));

        for (int round = 0; round < ROUNDS; round++) {
            String body = "body " + round + " " + "x".repeat(40_000);
            assertThat(send("POST", body).status()).isEqualTo(200);
            assertThat(good.next().text()).isEqualTo(body);
        }
    }

    @Test
    void whenAllRefuseTheClientGets502() throws Exception {
        proxy.start(SpecBuilder.webTo(refusing(), refusing()));

        RawResponse response = send("GET", "");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("connect-failed");
        assertThat(response.head().value("X-Request-Id")).isNotEmpty();
    }

    @Test
    void theConnectionGoesOnAfterA502() throws Exception {
        proxy.start(SpecBuilder.web()
                .upstream("down", refusing())
                .upstream("up", good.address())
                .route("down.test", "/", "down")
                .route("up.test", "/", "up"));
        RawClient client = proxy.client();

        assertThat(client.get("down.test", "/").status()).isEqualTo(502);
        assertThat(client.get("up.test", "/").status()).isEqualTo(200);
    }

    @Test
    void aGetWhoseConnectionWasResetBeforeAnAnswerGoesToAnotherEndpoint() throws Exception {
        ResettingOrigin resetting = proxy.with(ResettingOrigin.start());
        proxy.start(SpecBuilder.webTo(resetting.address(), good.address()));

        for (int round = 0; round < ROUNDS; round++) {
            assertThat(send("GET", "").status()).isEqualTo(200);
        }
        assertThat(resetting.requests()).isPositive();
        assertThat(good.requests()).hasSize(ROUNDS);
    }

    @Test
    void aGetWhoseConnectionWasClosedBeforeAnAnswerGoesToAnotherEndpoint() throws Exception {
        ClosingOrigin closing = proxy.with(ClosingOrigin.withoutAnswer());
        proxy.start(SpecBuilder.webTo(closing.address(), good.address()));

        for (int round = 0; round < ROUNDS; round++) {
            assertThat(send("GET", "").status()).isEqualTo(200);
        }
        assertThat(closing.targets()).isNotEmpty();
        assertThat(good.requests()).hasSize(ROUNDS);
    }

    @Test
    void aGetThatEveryEndpointResetsIs502AndTriesEndOnce() throws Exception {
        ResettingOrigin one = proxy.with(ResettingOrigin.start());
        ResettingOrigin two = proxy.with(ResettingOrigin.start());
        proxy.start(SpecBuilder.webTo(one.address(), two.address()));

        RawResponse response = send("GET", "");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("upstream-reset");
        assertThat(one.requests()).isLessThanOrEqualTo(2);
        assertThat(two.requests()).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void aRequestThatMayHaveHadAnEffectIsNotSentAgain(String method) throws Exception {
        ResettingOrigin resetting = proxy.with(ResettingOrigin.start());
        ResettingOrigin other = proxy.with(ResettingOrigin.start());
        proxy.start(SpecBuilder.webTo(resetting.address(), other.address()));

        for (int round = 1; round <= ROUNDS; round++) {
            assertThat(send(method, "hello").status()).isEqualTo(502);
            assertThat(resetting.requests() + other.requests()).isEqualTo(round);
        }
    }

    @Test
    void aResponseThatBeganIsNotAskedForAgain() throws Exception {
        RecordingOrigin cutting =
                proxy.with(RecordingOrigin.answeringAndClosing("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
        proxy.start(SpecBuilder.webTo(cutting.address(), cutting.address()));

        RawResponse response = send("GET", "");

        assertThat(response.complete()).isFalse();
        assertThat(cutting.requests()).hasSize(1);
    }

    @Test
    void anEndpointThatDoesNotAnswerAConnectionIsPassedOverAfterTheConnectTimeout() throws Exception {
        SilentAddress silent = proxy.with(SilentAddress.open());
        proxy.start(SpecBuilder.webTo(silent.address(), good.address()).connect(Duration.ofMillis(500)));

        for (int round = 0; round < 2; round++) {
            assertThat(send("POST", "hello").status()).isEqualTo(200);
        }
        assertThat(good.requests()).hasSize(2);
    }

    @Test
    void whenNoEndpointAnswersAConnectionTheClientIsToldSo() throws Exception {
        SilentAddress silent = proxy.with(SilentAddress.open());
        proxy.start(SpecBuilder.webTo(silent.address()).connect(Duration.ofMillis(500)));

        RawResponse response = send("GET", "");

        assertThat(response.status()).isIn(502, 504);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("connect-timeout");
    }

    @Test
    void anOriginThatDoesNotAnswerInTimeIs504AndNotAskedAgain() throws Exception {
        StallingOrigin stalling = proxy.with(StallingOrigin.withoutAnswer());
        proxy.start(SpecBuilder.webTo(stalling.address(), stalling.address()).firstByte(Duration.ofMillis(500)));

        RawResponse response = send("GET", "");

        assertThat(response.status()).isEqualTo(504);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("upstream-timeout");
        assertThat(stalling.requests()).isEqualTo(1);
    }

    @Test
    void theTimeToTheFirstByteBeginsWithTheEndOfTheRequest() throws Exception {
        proxy.start(SpecBuilder.webTo(good.address()).firstByte(Duration.ofMillis(500)));
        RawClient client = proxy.client();
        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 5").send("he");

        assertThat(client.silentFor(Duration.ofMillis(1500))).isTrue();
        client.send("llo");

        assertThat(client.response().status()).isEqualTo(200);
    }
}
