package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy answers by itself, and that an application's own errors are none of its business. */
@Timeout(60)
class LocalReplyTest {
    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private void startWithOneHost() {
        proxy.start(SpecBuilder.web()
                .upstream("a", proxy.with(HttpOrigin.named("a")).address())
                .upstream("gone")
                .route("a.test", "/", "a")
                .route("gone.test", "/", "gone"));
    }

    @Test
    void anUnknownHostIs404() throws IOException {
        startWithOneHost();

        RawResponse response = proxy.client().get("b.test", "/");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("unknown-host");
        assertThat(response.head().value("X-Request-Id")).isNotEmpty();
    }

    @Test
    void aKnownApplicationWithoutEndpointsIs503WithRetryAfter() throws IOException {
        startWithOneHost();

        RawResponse response = proxy.client().get("gone.test", "/");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("no-endpoint");
        assertThat(Integer.parseInt(response.head().value("Retry-After"))).isPositive();
        assertThat(response.head().value("X-Request-Id")).isNotEmpty();
    }

    @Test
    void aProxyWithoutAnyApplicationSaysSo() throws IOException {
        proxy.start(SpecBuilder.web());

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text()).contains("no backends configured - please try again soon");
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("no-applications");
        assertThat(response.head().value("X-Request-Id")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | json",
                "application/json, */*;q=0.5 | json",
                "text/html;q=0.2, application/json;q=0.9 | json",
                "application/json, text/plain, */* | json",
                "text/html | html",
                "*/* | html",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | html",
                "text/html, application/json;q=0.5 | html",
                "application/json;q=0 | html",
            })
    void theBodyIsJsonWhenTheClientPrefersItAndHtmlOtherwise(String accept, String kind) throws IOException {
        startWithOneHost();

        RawResponse response = proxy.client().get("b.test", "/", "Accept: " + accept);

        if (kind.equals("json")) {
            assertThat(response.head().value("Content-Type")).startsWith("application/json");
            assertThat(response.text().trim()).startsWith("{").endsWith("}").contains("404");
        } else {
            assertThat(response.head().value("Content-Type")).startsWith("text/html");
            assertThat(response.text()).containsIgnoringCase("<html").contains("404");
        }
    }

    @Test
    void withoutAcceptTheBodyIsHtml() throws IOException {
        startWithOneHost();

        assertThat(proxy.client().get("b.test", "/").head().value("Content-Type"))
                .startsWith("text/html");
    }

    @Test
    void nothingOfTheRequestIsPutIntoTheBodyUnescaped() throws IOException {
        startWithOneHost();
        RawClient client = proxy.client();

        RawResponse html = client.get("b.test", "/<script>alert(1)</script>", "X-Request-Id: <script>");
        RawResponse json = client.get("b.test", "/\"};", "Accept: application/json", "X-Request-Id: \"};");

        assertThat(html.text()).doesNotContain("<script>");
        assertThat(json.text()).doesNotContain("\"};");
    }

    @Test
    void aValidRequestIdOfTheClientIsGivenBack() throws IOException {
        startWithOneHost();

        RawResponse response = proxy.client().get("b.test", "/", "X-Request-Id: abc-123");

        assertThat(response.head().all("X-Request-Id")).containsExactly("abc-123");
    }

    @Test
    void aReplyToHeadHasTheHeadOfTheReplyToGetAndNoBody() throws IOException {
        startWithOneHost();
        RawClient client = proxy.client();
        RawResponse get = client.get("b.test", "/");

        client.head("HEAD / HTTP/1.1", "Host: b.test");
        RawResponse head = client.response("HEAD");

        assertThat(head.status()).isEqualTo(404);
        assertThat(head.head().all("Content-Length")).isEqualTo(get.head().all("Content-Length"));
        assertThat(client.get("a.test", "/").text()).isEqualTo("a");
    }

    @Test
    void theConnectionGoesOnAfterAReplyToARequestThatWasFine() throws IOException {
        startWithOneHost();
        RawClient client = proxy.client();

        assertThat(client.get("b.test", "/").status()).isEqualTo(404);
        assertThat(client.get("gone.test", "/").status()).isEqualTo(503);
        assertThat(client.get("a.test", "/").text()).isEqualTo("a");
    }

    @Test
    void theBodyOfARequestThatWasRefusedIsNeverTakenForTheNextRequest() throws IOException {
        startWithOneHost();
        RawClient client = proxy.client();
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n";

        client.sendAsFarAsTaken(
                ("POST / HTTP/1.1\r\nHost: b.test\r\nContent-Length: " + smuggled.length() + "\r\n\r\n" + smuggled)
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

        assertThat(client.response().status()).isEqualTo(404);
        assertThat(client.silentFor(Duration.ofMillis(300)) || client.closedWithin(Duration.ofSeconds(5)))
                .as("no second response")
                .isTrue();
    }

    @Test
    void anHttp10ClientGetsAReplyThatEndsWithTheConnection() throws IOException {
        startWithOneHost();
        RawClient client = proxy.client();

        client.head("GET / HTTP/1.0", "Host: b.test");
        RawResponse response = client.response();

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.head().has("Transfer-Encoding")).isFalse();
        assertThat(client.closedWithin(Duration.ofSeconds(5))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500, 502, 503, 504})
    void anErrorOfTheApplicationPassesUntouched(int status) throws Exception {
        String response = "HTTP/1.1 " + status + " My Own\r\nX-App: mine\r\nContent-Length: 7\r\n\r\nmy page";
        RecordingOrigin origin = proxy.with(RecordingOrigin.answering(response));
        proxy.start(SpecBuilder.webTo(origin.address()));

        RawResponse seen = proxy.client().get("a.test", "/");

        assertThat(seen.head().startLine()).isEqualTo("HTTP/1.1 " + status + " My Own");
        assertThat(seen.text()).isEqualTo("my page");
        assertThat(seen.head().value("X-App")).isEqualTo("mine");
        assertThat(seen.head().has("X-Scrimp-Error")).isFalse();
        assertThat(origin.requests()).hasSize(1);
    }
}
