package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WholeAnswersTest {
    private static final HttpResponse.BodyHandler<?> STREAM = HttpResponse.BodyHandlers.ofInputStream();

    @Test
    void aBodyThatStopsInTheMiddleIsAFaultInTimeThoughItIsReadAsAStream() throws Exception {
        try (SilentAuthority authority = new SilentAuthority()) {
            HttpClient client = new WholeAnswers(HttpClient.newHttpClient(), Duration.ofMillis(300));

            assertThatThrownBy(() -> client.send(request(authority), STREAM))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessageContaining("no whole answer");
        }
    }

    @Test
    void anInterruptEndsItAndCanStillBeSeen() throws Exception {
        try (SilentAuthority authority = new SilentAuthority()) {
            HttpClient client = new WholeAnswers(HttpClient.newHttpClient(), Duration.ofMinutes(1));

            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> client.send(request(authority), STREAM)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static HttpRequest request(SilentAuthority authority) {
        return HttpRequest.newBuilder(authority.directory()).build();
    }
}
