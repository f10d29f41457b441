package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.H2Origin;
import io.scrimplb.proxy.partners.H2OriginExchange;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an endpoint that speaks HTTP/2 must not send (RFC 9113, 8.1 and 8.3.2), and what becomes of its connection. */
@Timeout(60)
class Http2MalformedResponseTest {
    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    /** What is sent instead of a response. */
    interface Fault {
        void send(H2OriginExchange exchange) throws IOException;
    }

    private static Arguments head(String name, boolean last, String... fields) {
        return fault(name, exchange -> exchange.headers(last, fields));
    }

    private static Arguments fault(String name, Fault fault) {
        return Arguments.of(name, fault);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                head("no status", true, "x-a: b"),
                head("a status of two digits", true, ":status: 20"),
                head("a status of letters", true, ":status: abc"),
                head("a status out of range", true, ":status: 099"),
                head("a status below 100", true, ":status: 000"),
                head("two statuses", true, ":status: 200", ":status: 200"),
                head("a status behind a field", true, "x-a: b", ":status: 200"),
                head("a pseudo-header field of requests", true, ":status: 200", ":path: /"),
                head("an upper-case name", true, ":status: 200", "X-Secret: b"),
                head("a name with a space", true, ":status: 200", "x secret: b"),
                head("a line feed in a value", true, ":status: 200", "x-a: b\nx-secret: c"),
                head("a carriage return in a value", true, ":status: 200", "x-a: b\r\nx-secret: c"),
                head("a zero byte in a value", true, ":status: 200", "x-a: b\0secret"),
                head("connection", true, ":status: 200", "connection: close"),
                head("keep-alive", true, ":status: 200", "keep-alive: 5"),
                head("transfer-encoding", false, ":status: 200", "transfer-encoding: chunked"),
                head("upgrade", true, ":status: 200", "upgrade: h2c"),
                head("101", false, ":status: 101"),
                head("an interim response that ends the stream", true, ":status: 103"),
                head("a content-length without data", true, ":status: 200", "content-length: 5"),
                head("two lengths", false, ":status: 200", "content-length: 5", "content-length: 6"),
                head("a length that is no number", false, ":status: 200", "content-length: 5x"),
                head(
                        "a head over the limit",
                        false,
                        ":status: 200",
                        "x-a: " + "a".repeat(9000),
                        "x-b: " + "b".repeat(7000)),
                fault("data before a head", exchange -> exchange.data("secret", true)),
                fault(
                        "a head without a name",
                        exchange -> exchange.raw(H2Frame.headers(
                                exchange.stream(),
                                true,
                                Hpack.concat(Hpack.block(":status: 200"), Hpack.field("", "x"))))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isA502AndNothingOfItReachesTheClient(String name, Fault fault) throws Exception {
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (exchange.path().equals("/bad")) {
                fault.send(exchange);
            } else {
                exchange.send(200, "fine");
            }
        }));
        proxy.start(SpecBuilder.webToHttp2(origin.address()).limits(12_000, 64, 1000));
        RawClient client = proxy.client();

        RawResponse response = client.get("a.test", "/bad");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.head().value("X-Scrimp-Error")).isEqualTo("bad-response");
        assertThat(response.head().raw().toLowerCase(java.util.Locale.ROOT)).doesNotContain("secret");
        assertThat(response.text()).doesNotContain("secret");
        assertThat(client.get("a.test", "/good").text()).isEqualTo("fine");
        assertThat(origin.connections()).as("the connection is none the worse").isEqualTo(1);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                fault("more data than the length", exchange -> {
                    exchange.headers(false, ":status: 200", "content-length: 5");
                    exchange.data("12345secret", true);
                }),
                fault("less data than the length", exchange -> {
                    exchange.headers(false, ":status: 200", "content-length: 50");
                    exchange.data("12345", true);
                }),
                fault("a second head", exchange -> {
                    exchange.headers(false, ":status: 200");
                    exchange.data("12345", false);
                    exchange.headers(false, ":status: 200");
                }),
                fault("a trailer with a status", exchange -> {
                    exchange.headers(false, ":status: 200");
                    exchange.data("12345", false);
                    exchange.headers(true, ":status: 200");
                }),
                fault("a reset", exchange -> {
                    exchange.headers(false, ":status: 200");
                    exchange.data("12345", false);
                    exchange.reset(H2Frame.INTERNAL_ERROR);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void cutsAResponseThatHasBegun(String name, Fault fault) throws Exception {
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (exchange.path().equals("/bad")) {
                fault.send(exchange);
            } else {
                exchange.send(200, "fine");
            }
        }));
        proxy.start(SpecBuilder.webToHttp2(origin.address()));

        RawResponse response = proxy.client().get("a.test", "/bad");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.complete()).isFalse();
        assertThat(response.text()).doesNotContain("secret");
        assertThat(proxy.client().get("a.test", "/good").text()).isEqualTo("fine");
        assertThat(origin.connections()).isEqualTo(1);
    }

    static Stream<Arguments> hostile() {
        H2Frame ping = H2Frame.ping(1);
        return Stream.of(
                fault("a flood of PING", exchange -> flood(exchange, ping)),
                fault("a flood of SETTINGS", exchange -> flood(exchange, H2Frame.settings())),
                fault("a flood of empty DATA", exchange -> {
                    exchange.headers(false, ":status: 200");
                    flood(exchange, H2Frame.data(exchange.stream(), false));
                }),
                fault("a frame too large", exchange -> flood(exchange, H2Frame.data(1, false, new byte[20_000]))),
                fault(
                        "a pushed stream",
                        exchange -> flood(
                                exchange,
                                H2Frame.of(H2Frame.PUSH_PROMISE, H2Frame.END_HEADERS, exchange.stream(), new byte[] {
                                    0, 0, 0, 2
                                }))),
                fault(
                        "a field block that cannot be decoded",
                        exchange -> flood(
                                exchange,
                                H2Frame.headers(exchange.stream(), true, (byte) 0xff, (byte) 0xff, (byte) 0xff))));
    }

    @Test
    void moreDataThanAWindowAllowsEndsItsStreamAndNoOther() throws Exception {
        BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (exchange.path().equals("/good")) {
                exchange.send(200, "fine");
                return;
            }
            AtomicBoolean over = new AtomicBoolean();
            exchange.onReset(() -> over.set(true));
            exchange.headers(false, ":status: 200");
            try {
                while (!over.get()) {
                    exchange.raw(H2Frame.data(exchange.stream(), false, new byte[16_384]));
                }
            } catch (IOException ended) {
                // What was under way when the stream was reset may have been too much for the connection as well.
            }
            codes.add(exchange.awaitReset());
        }));
        proxy.start(SpecBuilder.webToHttp2(origin.address()));
        RawClient unread = proxy.with(RawClient.connect(proxy.web(), BodyBytes.SMALL_SOCKET_BUFFER));

        unread.head("GET /bad HTTP/1.1", "Host: a.test");

        assertThat(codes.poll(20, TimeUnit.SECONDS))
                .isIn(H2Frame.FLOW_CONTROL_ERROR, H2OriginExchange.CONNECTION_ENDED);
        assertThat(proxy.client().get("a.test", "/good").text()).isEqualTo("fine");
    }

    private static void flood(H2OriginExchange exchange, H2Frame frame) throws IOException {
        for (int i = 0; i < 5000; i++) {
            exchange.raw(frame);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void endsItsConnectionAndNothingElse(String name, Fault fault) throws Exception {
        H2Origin origin = proxy.with(H2Origin.start(exchange -> {
            if (exchange.path().equals("/bad")) {
                fault.send(exchange);
                exchange.awaitReset();
            } else {
                exchange.send(200, "fine");
            }
        }));
        proxy.start(SpecBuilder.webToHttp2(origin.address()));
        RawClient client = proxy.with(RawClient.connect(proxy.web(), 32 * 1024));

        client.head("POST /bad HTTP/1.1", "Host: a.test", "Content-Length: 0");

        await().atMost(Duration.ofSeconds(15)).until(() -> origin.requests() == 1 && origin.open() == 0);
        assertThat(proxy.client().get("a.test", "/good").text()).isEqualTo("fine");
        assertThat(origin.connections()).isEqualTo(2);
    }
}
