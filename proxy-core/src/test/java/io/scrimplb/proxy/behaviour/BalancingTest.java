package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RefusingAddress;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which endpoint of an application a request goes to. One event loop, so that turns are the same in every run. */
@Timeout(60)
class BalancingTest {
    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final HttpOrigin a = HttpOrigin.named("a");
    private final HttpOrigin b = HttpOrigin.named("b");
    private final HttpOrigin c = HttpOrigin.named("c");

    BalancingTest() {
        proxy.with(a);
        proxy.with(b);
        proxy.with(c);
    }

    private List<String> answers(int count) throws IOException {
        List<String> answers = new ArrayList<>();
        try (RawClient client = RawClient.connect(proxy.entry())) {
            for (int i = 0; i < count; i++) {
                answers.add(client.get("a.test", "/").text());
            }
        }
        return answers;
    }

    private static SpecBuilder.Endpoints app(SpecBuilder spec, BalancePolicy policy) {
        return new SpecBuilder.Endpoints(spec, "app", policy);
    }

    @Test
    void roundRobinTakesEachEndpointInTurn() throws IOException {
        proxy.start(SpecBuilder.webTo(a.address(), b.address(), c.address()));

        List<String> answers = answers(9);

        assertThat(answers.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(answers.subList(3, 6)).isEqualTo(answers.subList(0, 3));
        assertThat(answers.subList(6, 9)).isEqualTo(answers.subList(0, 3));
    }

    @Test
    void turnsAreTakenAcrossConnectionsToo() throws IOException {
        proxy.start(SpecBuilder.webTo(a.address(), b.address(), c.address()));
        List<String> answers = new ArrayList<>();

        for (int i = 0; i < 6; i++) {
            answers.addAll(answers(1));
        }

        assertThat(answers.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(answers.subList(3, 6)).isEqualTo(answers.subList(0, 3));
    }

    @Test
    void anEndpointGetsAsManyTurnsAsItsWeightSays() throws IOException {
        proxy.start(app(SpecBuilder.web(), BalancePolicy.ROUND_ROBIN)
                .endpoint(a.address(), 300, false)
                .endpoint(b.address(), 100, false)
                .done()
                .route("*", "/", "app"));

        List<String> answers = answers(40);

        assertThat(answers).filteredOn("a"::equals).hasSize(30);
        assertThat(answers).filteredOn("b"::equals).hasSize(10);
    }

    @Test
    void turnsOfAHeavyEndpointAreSpreadNotBunched() throws IOException {
        proxy.start(app(SpecBuilder.web(), BalancePolicy.ROUND_ROBIN)
                .endpoint(a.address(), 200, false)
                .endpoint(b.address(), 100, false)
                .done()
                .route("*", "/", "app"));

        String answers = String.join("", answers(30));

        assertThat(answers).doesNotContain("aaa").doesNotContain("bb");
    }

    @Test
    void twoChoicesAvoidABusyEndpoint() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpOrigin busy = proxy.with(HttpOrigin.start(exchange -> {
            awaitRelease(release);
            exchange.send(200, "busy");
        }));
        proxy.start(app(SpecBuilder.web(), BalancePolicy.P2C)
                .endpoint(busy.address(), 100, false)
                .done()
                .route("*", "/", "app"));
        List<RawClient> held = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            held.add(proxy.client().head("GET / HTTP/1.1", "Host: a.test"));
        }
        await().until(() -> busy.requests() == 4);

        proxy.swap(app(SpecBuilder.web(), BalancePolicy.P2C)
                .endpoint(busy.address(), 100, false)
                .endpoint(a.address(), 100, false)
                .done()
                .route("*", "/", "app"));

        assertThat(answers(30)).containsOnly("a");
        release.countDown();
        for (RawClient client : held) {
            assertThat(client.response().text()).isEqualTo("busy");
        }
    }

    @Test
    void twoChoicesSpreadOverEndpointsThatAreEqual() throws IOException {
        proxy.start(app(SpecBuilder.web(), BalancePolicy.P2C)
                .endpoint(a.address(), 100, false)
                .endpoint(b.address(), 100, false)
                .endpoint(c.address(), 100, false)
                .done()
                .route("*", "/", "app"));

        // By chance alone one of three would be missed in 60 draws once in 10^10 runs.
        assertThat(answers(60)).contains("a", "b", "c");
    }

    @Test
    void aSuspectedEndpointIsLeftAloneWhileAnotherIsThere() throws IOException {
        proxy.start(app(SpecBuilder.web(), BalancePolicy.ROUND_ROBIN)
                .endpoint(a.address(), 100, true)
                .endpoint(b.address(), 100, false)
                .done()
                .route("*", "/", "app"));

        assertThat(answers(10)).containsOnly("b");
    }

    @Test
    void aSuspectedEndpointIsUsedWhenTheOthersRefuse() throws IOException {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(app(SpecBuilder.web(), BalancePolicy.ROUND_ROBIN)
                .endpoint(a.address(), 100, true)
                .endpoint(refusing.address(), 100, false)
                .done()
                .route("*", "/", "app"));

        assertThat(answers(4)).containsOnly("a");
    }

    @Test
    void suspectedEndpointsAreUsedWhenThereAreNoOthers() throws IOException {
        proxy.start(app(SpecBuilder.web(), BalancePolicy.P2C)
                .endpoint(a.address(), 100, true)
                .done()
                .route("*", "/", "app"));

        assertThat(answers(4)).containsOnly("a");
    }

    @Test
    void aWithdrawnSuspicionBringsAnEndpointBack() throws IOException {
        proxy.start(app(SpecBuilder.web(), BalancePolicy.ROUND_ROBIN)
                .endpoint(a.address(), 100, true)
                .endpoint(b.address(), 100, false)
                .done()
                .route("*", "/", "app"));
        assertThat(answers(4)).containsOnly("b");

        proxy.swap(SpecBuilder.webTo(a.address(), b.address()));

        assertThat(answers(4)).containsExactlyInAnyOrder("a", "b", "a", "b");
    }

    private static void awaitRelease(CountDownLatch release) throws IOException {
        try {
            if (!release.await(30, TimeUnit.SECONDS)) {
                throw new IOException("the test never released the origin");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
