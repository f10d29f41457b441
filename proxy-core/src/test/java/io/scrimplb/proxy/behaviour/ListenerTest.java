package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.SpecProblem;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of listeners, and of a spec with something wrong in it, when a spec is applied. */
@Timeout(60)
class ListenerTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final HttpOrigin a = proxy.with(HttpOrigin.named("a"));

    private String answer(String listener, String host) throws Exception {
        try (RawClient client = RawClient.connect(proxy.address(listener))) {
            return client.get(host, "/").text();
        }
    }

    private SpecBuilder webTo(String name) {
        return SpecBuilder.web().upstream(name, a.address()).route("*", "/", name);
    }

    @Test
    void aListenerAppearsWithTheSpecThatAsksForIt() throws Exception {
        proxy.start(webTo("a"));
        int port = proxy.web().getPort();

        proxy.swap(webTo("a").revision(2).http("more", SpecBuilder.anyPort()).route("more", "*", "/", "a"));

        assertThat(answer("more", "a.test")).isEqualTo("a");
        assertThat(answer(SpecBuilder.WEB, "a.test")).isEqualTo("a");
        assertThat(proxy.web().getPort()).as("the other one stays where it is").isEqualTo(port);
    }

    @Test
    void aListenerThatIsNoLongerAskedForVanishesAndWhatItAcceptedEndsInPeace() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        HttpOrigin slow = proxy.with(HttpOrigin.start(exchange -> {
            try {
                answer.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new java.io.IOException(e);
            }
            exchange.send(200, "in peace");
        }));
        proxy.start(webTo("a")
                .http("more", SpecBuilder.anyPort())
                .upstream("slow", slow.address())
                .route("more", "*", "/", "slow"));
        InetSocketAddress gone = proxy.address("more");
        RawClient waiting = proxy.with(RawClient.connect(gone));
        waiting.head("GET / HTTP/1.1", "Host: a.test");
        await().until(() -> slow.requests() == 1);

        proxy.swap(webTo("a").revision(2));

        assertThat(proxy.server().boundListeners()).doesNotContainKey("more");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> RawClient.connect(gone).close())
                                .isInstanceOf(UncheckedIOException.class));
        answer.countDown();
        assertThat(waiting.response().text()).isEqualTo("in peace");
        assertThat(answer(SpecBuilder.WEB, "a.test")).isEqualTo("a");
    }

    @Test
    void aListenerWhoseAddressChangesMoves() throws Exception {
        proxy.start(webTo("a"));
        InetSocketAddress before = proxy.web();
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }

        proxy.swap(SpecBuilder.bare()
                .revision(2)
                .http(SpecBuilder.WEB, new InetSocketAddress(InetAddress.getLoopbackAddress(), free))
                .upstream("a", a.address())
                .route("*", "/", "a"));

        assertThat(proxy.web().getPort()).isEqualTo(free);
        assertThat(answer(SpecBuilder.WEB, "a.test")).isEqualTo("a");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> RawClient.connect(before).close())
                                .isInstanceOf(UncheckedIOException.class));
    }

    @Test
    void aTakenPortIsOneProblemAndTheRestWorks() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();

            List<SpecProblem> problems =
                    proxy.startWith(webTo("a").http("taken", address).build());

            assertThat(problems).hasSize(1);
            assertThat(problems.get(0).bindFailure()).isTrue();
            assertThat(problems.get(0).object()).contains("taken");
            assertThat(problems.get(0).message()).doesNotContain("\n").contains(Integer.toString(address.getPort()));
            assertThat(proxy.server().boundListeners()).containsOnlyKeys(SpecBuilder.WEB);
            assertThat(answer(SpecBuilder.WEB, "a.test")).isEqualTo("a");
        }
    }

    @Test
    void aPortThatWasTakenIsTriedAgainWithTheNextSpec() throws Exception {
        InetSocketAddress address;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) taken.getLocalSocketAddress();
            assertThat(proxy.startWith(webTo("a").http("taken", address).build()))
                    .hasSize(1);
        }

        proxy.swap(webTo("a").revision(2).http("taken", address).route("taken", "*", "/", "a"));

        assertThat(answer("taken", "a.test")).isEqualTo("a");
    }

    @Test
    void aTakenPortIsReportedAgainWithEachSpecThatAsksForIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
            proxy.startWith(webTo("a").http("taken", address).build());

            assertThat(proxy.server()
                            .apply(webTo("a").revision(2).http("taken", address).build()))
                    .hasSize(1)
                    .allMatch(SpecProblem::bindFailure);
        }
    }

    @Test
    void anInvalidObjectIsLeftOutAndReportedAndTheOthersGoOn() throws Exception {
        SpecBuilder spec = webTo("a")
                .route("b.test", "no-slash", "a")
                .route("c.test", "/", "nobody")
                .route("nowhere", "d.test", "/", "a")
                .route("*.*.test", "/", "a")
                .upstream("heavy", BalancePolicy.ROUND_ROBIN, SpecBuilder.endpoint(a.address(), 0, false))
                .upstream("a", a.address())
                .tcp("raw", "nobody");

        List<SpecProblem> problems = proxy.startWith(spec.build());

        assertThat(problems).hasSizeGreaterThanOrEqualTo(6);
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.bindFailure()).isFalse();
            assertThat(problem.object()).isNotBlank();
            assertThat(problem.message()).isNotBlank().doesNotContain("\n");
        });
        assertThat(answer(SpecBuilder.WEB, "a.test")).isEqualTo("a");
    }

    @Test
    void twoRoutesForTheSameHostAndPathAreOneProblemAndTheFirstHolds() throws Exception {
        HttpOrigin b = proxy.with(HttpOrigin.named("b"));
        SpecBuilder spec = SpecBuilder.web()
                .upstream("a", a.address())
                .upstream("b", b.address())
                .route("x.test", "/", "a")
                .route("X.test", "/", "b")
                .route("b.test", "/", "b");

        assertThat(proxy.startWith(spec.build())).hasSize(1);

        assertThat(answer(SpecBuilder.WEB, "x.test")).isEqualTo("a");
        assertThat(answer(SpecBuilder.WEB, "b.test")).isEqualTo("b");
    }

    @Test
    void theRequestsInFlightAtAnEndpointAreStillCountedAfterASwap() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        HttpOrigin slow = proxy.with(HttpOrigin.start(exchange -> {
            try {
                answer.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new java.io.IOException(e);
            }
            exchange.send(200, "done");
        }));
        proxy.start(SpecBuilder.webTo(slow.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test");
        await().until(() -> slow.requests() == 1);

        proxy.swap(SpecBuilder.webTo(slow.address(), a.address()).revision(2));

        assertThat(proxy.server().traffic().endpoints())
                .filteredOn(endpoint -> endpoint.inFlight() == 1)
                .hasSize(1);
        assertThat(proxy.server().activeExchanges()).isEqualTo(1);
        answer.countDown();
        assertThat(client.response().text()).isEqualTo("done");
    }

    @Test
    void closingEndsEverythingAtOnce() throws Exception {
        proxy.start(webTo("a"));
        InetSocketAddress address = proxy.web();
        RawClient client = proxy.client();
        assertThat(client.get("a.test", "/").text()).isEqualTo("a");

        proxy.server().close();

        assertThat(client.closedWithin(SOON)).isTrue();
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
                .isInstanceOf(java.io.IOException.class);
    }

    @Test
    void anIdleConnectionOfAListenerThatVanishedIsClosed() throws Exception {
        proxy.start(webTo("a").http("more", SpecBuilder.anyPort()).route("more", "*", "/", "a"));
        RawClient idle = proxy.with(RawClient.connect(proxy.address("more")));
        assertThat(idle.get("a.test", "/").text()).isEqualTo("a");
        RawClient other = proxy.client();
        assertThat(other.get("a.test", "/").text()).isEqualTo("a");

        proxy.swap(webTo("a").revision(2));

        assertThat(idle.closedWithin(SOON)).isTrue();
        assertThat(other.get("a.test", "/").text()).isEqualTo("a");
    }
}
