package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.HttpOrigin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many clients at once: every one gets its own answer and nobody else's. */
@Timeout(60)
class ConcurrencyTest {
    private static final int REQUESTS = 400;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private HttpOrigin echo() {
        return proxy.with(HttpOrigin.start(exchange -> {
            byte[] body = exchange.body().readAllBytes();
            exchange.send(200, exchange.target() + " " + BodyBytes.digest(body));
        }));
    }

    @EveryTransport
    void everyClientGetsItsOwnAnswer(Transport transport) throws Exception {
        proxy.on(transport).loops(2).start(SpecBuilder.webTo(echo().address(), echo().address()));
        InetSocketAddress address = proxy.web();
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();

        for (int i = 0; i < REQUESTS; i++) {
            byte[] body = BodyBytes.of(i, i * 37 % 20_000);
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + "/" + i))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            answers.add(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
        }

        for (int i = 0; i < REQUESTS; i++) {
            HttpResponse<String> answer = answers.get(i).get(30, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("/" + i + " " + BodyBytes.digest(BodyBytes.of(i, i * 37 % 20_000)));
        }
    }

    @EveryTransport
    void clientsThatComeAndGoUnderLoadLeaveNothingBehind(Transport transport) throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange ->
                exchange.send(200, exchange.target() + " " + exchange.body().readAllBytes().length)));
        proxy.on(transport).loops(2).start(SpecBuilder.webTo(origin.address()));
        SteadyLoad load = proxy.with(SteadyLoad.start(proxy.web(), "a.test", 4));

        for (int i = 0; i < 200; i++) {
            // Each leaves at another point of its exchange.
            try (var client = io.scrimplb.proxy.partners.RawClient.connect(proxy.web())) {
                String request = "POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 20\r\n\r\n01234567890123456789";
                client.send(request.substring(0, i % (request.length() + 1)));
                if (i % 2 == 0) {
                    client.reset();
                }
            } catch (IOException gone) {
                // It meant to leave anyway.
            }
        }
        load.awaitProgress(200);

        assertThat(load.stop()).isEmpty();
        proxy.awaitNothingInFlight();
    }
}
