package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

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
}
