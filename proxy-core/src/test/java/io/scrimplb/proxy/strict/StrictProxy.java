package io.scrimplb.proxy.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions;
import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.ProxyServer;
import io.scrimplb.proxy.behaviour.ThisMachine;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A proxy with one event loop and one origin behind it, for all the cases of a class. */
final class StrictProxy implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
    private static final String WEB = "web";
    private static final String CANARY_REQUEST =
            "GET " + ScriptedOrigin.CANARY + " HTTP/1.1\r\nHost: canary.test\r\nConnection: close\r\n\r\n";
    private static final String CANARY_ARRIVED =
            Wire.arrived("GET " + ScriptedOrigin.CANARY + " HTTP/1.1", "Host: canary.test");
    private static final String CANARY_SEEN = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\ncanary";
    private static final Pattern MADE_ID = Pattern.compile("X-Request-Id: ([0-9a-f]{32})\r\n");

    /** Bytes up to the status code. */
    private static final int STATUS_LENGTH = 12;

    private final LimitSpec limits;
    private final TimeoutSpec timeouts;
    private final Transport transport;
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private @Nullable ProxyServer server;

    private StrictProxy(LimitSpec limits, TimeoutSpec timeouts, Transport transport) {
        this.limits = limits;
        this.timeouts = timeouts;
        this.transport = transport;
    }

    /** With the limits a user gets who sets none. */
    static StrictProxy withDefaults() {
        return new StrictProxy(LimitSpec.defaults(), TimeoutSpec.defaults(), Transport.AUTO);
    }

    static StrictProxy withLimits(int headerBytes, int headerCount) {
        return new StrictProxy(new LimitSpec(headerBytes, headerCount, 1000), TimeoutSpec.defaults(), Transport.AUTO);
    }

    /** A client that makes no progress for that long is given up. */
    static StrictProxy withClientIdle(Duration limit) {
        TimeoutSpec usual = TimeoutSpec.defaults();
        return new StrictProxy(
                LimitSpec.defaults(),
                new TimeoutSpec(limit, limit, usual.connect(), usual.firstByte(), usual.tunnelIdle(), usual.drain()),
                Transport.AUTO);
    }

    /** Started at once; the caller closes it. */
    static StrictProxy started(Transport transport) {
        ThisMachine.has(transport);
        StrictProxy proxy = new StrictProxy(LimitSpec.defaults(), TimeoutSpec.defaults(), transport);
        proxy.start();
        return proxy;
    }

    ScriptedOrigin origin() {
        return origin;
    }

    RawClient client() {
        return RawClient.connect(address());
    }

    /** Plays a case and looks at both sides of it. */
    void verify(Case played) throws IOException {
        origin.begin(played.script());
        try (RawClient client = client()) {
            for (int part = 0; part < played.sent().size(); part++) {
                if (part > 0) {
                    origin.awaitHead();
                }
                client.sendAsFarAsTaken(played.sent().get(part).getBytes(StandardCharsets.ISO_8859_1));
            }
            StringBuilder seen = new StringBuilder();
            End end = read(client, seen, Math.min(STATUS_LENGTH, played.seen().length()));
            if (!played.seen().startsWith(seen.toString())) {
                // Wrong already: there is no telling how much more will come.
                seen.append(client.untilClosedOrSilentFor(Duration.ofMillis(200)));
                assertThat(withoutId(seen.toString()))
                        .as("seen by the client: %s", played)
                        .isEqualTo(played.seen());
            }
            if (end == End.OPEN) {
                end = read(client, seen, lengthOf(played.seen()) - seen.length());
            }
            origin.clientHasSeen();
            if (end == End.OPEN) {
                end = played.end() == End.OPEN ? End.OPEN : read(client, seen, Integer.MAX_VALUE);
            }
            assertThat(withoutId(seen.toString()))
                    .as("seen by the client: %s", played)
                    .isEqualTo(played.seen());
            assertThat(end).as("the client's connection: %s", played).isEqualTo(played.end());
            if (end == End.OPEN) {
                canary(client);
            } else {
                try (RawClient next = client()) {
                    canary(next);
                }
            }
        }
        origin.settle();
        assertArrived(played.toString(), played.arrived());
    }

    /** Proves that the proxy serves on, and ends the client's connection. */
    void canary(RawClient client) throws IOException {
        client.send(CANARY_REQUEST);
        StringBuilder seen = new StringBuilder();
        End end = read(client, seen, Integer.MAX_VALUE);
        assertThat(seen.toString()).as("the canary").isEqualTo(CANARY_SEEN);
        assertThat(end).as("the canary's connection").isEqualTo(End.CLOSED);
    }

    /** What reached the origin beside the canary is this to the last byte, and the canary came where it should. */
    void assertArrived(String name, Case.Arrived expected) {
        List<String> recorded = new ArrayList<>();
        for (String raw : origin.recorded()) {
            recorded.add(withoutId(raw));
        }
        List<String> whole = new ArrayList<>();
        for (String connection : expected.connections()) {
            whole.add(withPort(connection));
        }
        String canary = withPort(CANARY_ARRIVED);
        if (expected.reused()) {
            whole.set(whole.size() - 1, whole.get(whole.size() - 1) + canary);
        } else {
            whole.add(canary);
        }
        assertThat(recorded)
                .as("arrived at the origin, by connection: %s", name)
                .isEqualTo(whole);
        assertThat(origin.canaryConnection())
                .as("the canary's connection: %s", name)
                .isEqualTo(whole.size() - 1);
    }

    /** Reads that many bytes, or all until the end; a connection that stays silent counts as open. */
    private static End read(RawClient client, StringBuilder into, int length) throws IOException {
        try {
            for (int i = 0; i < length; i++) {
                int b = client.reader().read();
                if (b < 0) {
                    return End.CLOSED;
                }
                into.append((char) b);
            }
            return End.OPEN;
        } catch (SocketTimeoutException silent) {
            return End.OPEN;
        } catch (SocketException reset) {
            return End.RESET;
        }
    }

    /** Length of a text whose ids are those the proxy makes. */
    private static int lengthOf(String seen) {
        return seen.replace("{id}", "0".repeat(32)).length();
    }

    private static String withoutId(String text) {
        String result = text;
        Matcher ids = MADE_ID.matcher(text);
        while (ids.find()) {
            result = result.replace(ids.group(1), "{id}");
        }
        return result;
    }

    private String withPort(String text) {
        return text.replace("{port}", Integer.toString(address().getPort()));
    }

    private InetSocketAddress address() {
        InetSocketAddress bound = server().boundListeners().get(WEB);
        assertThat(bound).as("bound address").isNotNull();
        return bound;
    }

    private ProxyServer server() {
        ProxyServer running = server;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    private void start() {
        ProxyServer made = ProxyServer.create(
                ProxyOptions.defaults().withTransport(transport).withEventLoops(1));
        server = made;
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        EndpointSpec endpoint = new EndpointSpec("member", origin.address(), 100, false);
        ProxySpec spec = new ProxySpec(
                1,
                List.of(new HttpListenerSpec(WEB, anyPort)),
                List.of(new RouteSpec(WEB, "*", "/", "app")),
                List.of(new UpstreamSpec("app", BalancePolicy.ROUND_ROBIN, List.of(endpoint))),
                limits,
                timeouts,
                List.of());
        assertThat(made.apply(spec)).isEmpty();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        origin.close();
        try (ProxyServer closing = server()) {
            await("exchanges in flight to end")
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> closing.activeExchanges() == 0);
        }
    }
}
