package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.OriginExchange;
import io.scrimplb.proxy.partners.TcpEchoOrigin;
import io.scrimplb.proxy.partners.WebSocketClient;
import io.scrimplb.proxy.partners.WebSocketOrigin;
import io.scrimplb.proxy.spec.BalancePolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The routing table is replaced a thousand times (endpoints join and leave, routes and listeners are edited) while
 * requests, WebSockets, a TCP session and a slow download run: nothing fails, nothing closes, the bytes are equal.
 */
@Timeout(180)
class SwapTest {
    private static final int SWAPS = 1000;
    private static final int WEB_SOCKETS = 100;
    private static final int CLIENTS = 4;
    /** The load goes on by that many requests at least between two swaps. */
    private static final int REQUESTS_PER_SWAP = 2;

    private static final long DOWNLOAD = 100L << 20;
    private static final long SEED = 3;

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final List<HttpOrigin> origins = new ArrayList<>();
    private final WebSocketOrigin chat = proxy.with(new WebSocketOrigin());
    private final TcpEchoOrigin echo = proxy.with(new TcpEchoOrigin());
    private final HttpOrigin files = proxy.with(HttpOrigin.startWithSmallBuffers(exchange -> download(exchange)));

    SwapTest() {
        for (int i = 0; i < 4; i++) {
            origins.add(proxy.with(HttpOrigin.start(SwapTest::echoTarget)));
        }
    }

    private static void echoTarget(OriginExchange exchange) throws IOException {
        exchange.send(200, exchange.target() + " " + exchange.body().readAllBytes().length);
    }

    private static void download(OriginExchange exchange) throws IOException {
        exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: " + DOWNLOAD + "\r\n\r\n");
        BodyBytes.write(exchange.out(), SEED, DOWNLOAD);
    }

    /** The spec of the n-th swap: always a way for the load, everything else in motion. */
    private SpecBuilder spec(int n) {
        SpecBuilder spec = SpecBuilder.web().revision(n + 1L);
        InetSocketAddress[] serving = java.util.stream.IntStream.range(0, origins.size())
                .filter(i -> i == n % origins.size() || (n >> i & 1) == 1)
                .mapToObj(i -> origins.get(i).address())
                .toArray(InetSocketAddress[]::new);
        spec.upstream("app", serving).route("app.test", "/", "app");
        if (n % 3 == 0) {
            spec.route("app.test", "/post", "app").route("*.test", "/", "app");
        }
        for (int i = 0; i < n % 7; i++) {
            spec.upstream("extra" + i, origins.get(0).address()).route("extra" + i + ".test", "/" + n, "extra" + i);
        }
        // What the long exchanges came through is there at first, then leaves and comes again.
        if (n % 5 < 3) {
            spec.upstream("chat", chat.address()).route("localhost", "/", "chat");
            spec.upstream("files", BalancePolicy.P2C, SpecBuilder.endpoint(files.address(), n % 100 + 1, false))
                    .route("files.test", "/", "files");
            spec.upstream("echo", echo.address());
        } else {
            spec.upstream("echo", origins.get(1).address());
        }
        spec.tcp("raw", "echo");
        if (n % 50 >= 25) {
            spec.http("more", SpecBuilder.anyPort()).route("more", "*", "/", "app");
        }
        return spec;
    }

    @EveryTransport
    void aThousandSwapsCostNothing(Transport transport) throws Exception {
        proxy.on(transport).loops(2).start(spec(0));
        List<WebSocketClient> sockets = openWebSockets();
        PacedDownload download = PacedDownload.start(proxy.client(), "files.test", DOWNLOAD / SWAPS);
        proxy.with(download);
        var session = proxy.with(io.scrimplb.proxy.partners.RawClient.connect(proxy.address("raw")));
        session.send("before");
        assertThat(session.exactText(6)).isEqualTo("before");
        SteadyLoad load = proxy.with(SteadyLoad.start(proxy.web(), "app.test", CLIENTS));

        for (int n = 1; n <= SWAPS; n++) {
            proxy.swap(spec(n));
            download.allowMore();
            load.awaitProgress(REQUESTS_PER_SWAP);
            if (n % 20 == 0) {
                WebSocketClient socket = sockets.get(n / 20 % WEB_SOCKETS);
                assertThat(socket.exchange("swap " + n)).isEqualTo("swap " + n);
            }
        }

        assertThat(load.stop()).as("failures").isEmpty();
        assertThat(load.completed()).isGreaterThanOrEqualTo(SWAPS * REQUESTS_PER_SWAP);
        assertThat(sockets).allMatch(WebSocketClient::open);
        for (WebSocketClient socket : sockets) {
            assertThat(socket.exchange("after")).isEqualTo("after");
        }
        session.send("after");
        assertThat(session.exactText(5)).isEqualTo("after");
        assertThat(download.digest()).isEqualTo(BodyBytes.digest(SEED, DOWNLOAD));
        assertThat(proxy.server().traffic().swaps()).isGreaterThanOrEqualTo(SWAPS);
    }

    private List<WebSocketClient> openWebSockets() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<WebSocketClient>> opening = new ArrayList<>();
        for (int i = 0; i < WEB_SOCKETS; i++) {
            opening.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return WebSocketClient.connect(http, proxy.web(), "/");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        List<WebSocketClient> sockets = new ArrayList<>();
        for (CompletableFuture<WebSocketClient> socket : opening) {
            sockets.add(proxy.with(socket.get(20, TimeUnit.SECONDS)));
        }
        return sockets;
    }
}
