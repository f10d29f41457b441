package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of idle connections to endpoints. */
@Timeout(60)
class PoolTest {
    private static final Duration SOON = Duration.ofSeconds(8);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @Test
    void idleConnectionsToAnEndpointThatLeftAreClosed() throws Exception {
        HttpOrigin leaving = proxy.with(HttpOrigin.named("leaving"));
        HttpOrigin staying = proxy.with(HttpOrigin.named("staying"));
        proxy.start(SpecBuilder.webTo(leaving.address(), staying.address()));
        RawClient client = proxy.client();
        client.get("a.test", "/");
        client.get("a.test", "/");
        assertThat(leaving.open()).isEqualTo(1);

        proxy.swap(SpecBuilder.webTo(staying.address()).revision(2));

        await().atMost(SOON).until(() -> leaving.open() == 0);
        assertThat(staying.open()).isEqualTo(1);
        assertThat(client.get("a.test", "/").text()).isEqualTo("staying");
        assertThat(staying.connections()).as("its connection outlived the swap").isEqualTo(1);
    }

    @Test
    void aConnectionInUseWhenItsEndpointLeftIsClosedAfterItsExchange() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        HttpOrigin leaving = proxy.with(HttpOrigin.start(exchange -> {
            try {
                answer.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new java.io.IOException(e);
            }
            exchange.send(200, "done");
        }));
        HttpOrigin staying = proxy.with(HttpOrigin.named("staying"));
        proxy.start(SpecBuilder.webTo(leaving.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test");
        await().until(() -> leaving.requests() == 1);

        proxy.swap(SpecBuilder.webTo(staying.address()).revision(2));
        answer.countDown();

        assertThat(client.response().text()).isEqualTo("done");
        await().atMost(SOON).until(() -> leaving.open() == 0);
        assertThat(client.get("a.test", "/").text()).isEqualTo("staying");
    }

    @Test
    void anEndpointThatLeftAndCameBackIsUsedAgain() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        assertThat(client.get("a.test", "/").text()).isEqualTo("a");

        proxy.swap(SpecBuilder.webTo().revision(2));
        assertThat(client.get("a.test", "/").status()).isEqualTo(503);
        proxy.swap(SpecBuilder.webTo(origin.address()).revision(3));

        assertThat(client.get("a.test", "/").text()).isEqualTo("a");
    }

    @Test
    void twoApplicationsAtOneAddressKeepTheirConnectionsAndCountsApart() throws Exception {
        HttpOrigin shared = proxy.with(HttpOrigin.named("shared"));
        proxy.start(SpecBuilder.web()
                .upstream("one", shared.address())
                .upstream("two", shared.address())
                .route("one.test", "/", "one")
                .route("two.test", "/", "two"));
        RawClient client = proxy.client();
        client.get("one.test", "/");
        client.get("one.test", "/");
        client.get("two.test", "/");

        await().untilAsserted(() -> assertThat(proxy.server().traffic().endpoints())
                .extracting(counters -> counters.application() + " " + counters.responses())
                .containsExactlyInAnyOrder("one 2", "two 1"));
    }
}
