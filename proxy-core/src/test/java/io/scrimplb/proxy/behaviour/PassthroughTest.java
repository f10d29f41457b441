package io.scrimplb.proxy.behaviour;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RefusingAddress;
import io.scrimplb.proxy.partners.ToldOrigin;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.telemetry.AccessRecord;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.tls.Hellos;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names whose TLS is not for the proxy: the connection goes to the endpoint byte by byte as it came. */
@Timeout(60)
class PassthroughTest {
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final String V1 = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 8443\r\n";
    /** A fatal alert (RFC 8446, 6). */
    private static final String UNRECOGNIZED_NAME = "\025\003\003\0\002\002\160";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    /** Answers the first byte with its name, then sends back all it has received. */
    private AcceptingSocket named(String name) {
        return proxy.with(AcceptingSocket.start(name, (socket, number) -> {
            int first = socket.getInputStream().read();
            if (first < 0) {
                return;
            }
            socket.getOutputStream().write((name + " ").getBytes(ISO_8859_1));
            socket.getOutputStream().write(first);
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        }));
    }

    private static byte[] hello(String host) {
        return host.isEmpty() ? Hellos.hello().record() : Hellos.browser(host).record();
    }

    /** Which of the named origins a client reaches that names this host; what it receives has to be what was sent. */
    private String reached(String host) throws IOException {
        byte[] sent = hello(host);
        String seen = proxy.client().send(sent).halfClose().untilClosed();
        String payload = new String(sent, ISO_8859_1);
        assertThat(seen).endsWith(seen.startsWith("\025") ? "" : " " + payload);
        return seen.startsWith("\025") ? seen : seen.substring(0, seen.length() - payload.length() - 1);
    }

    @EveryTransport
    void theHostDecidesAsItDoesForRoutes(Transport transport) throws Exception {
        SpecBuilder spec = SpecBuilder.bare().tls();
        for (String name : List.of("exact", "longer", "shorter", "any")) {
            spec.upstream(name, named(name).address());
        }
        spec.passthrough("a.b.test", "exact").passthrough("*.b.test", "longer").passthrough("*.test", "shorter");
        proxy.on(transport).start(spec);

        assertThat(reached("a.b.test")).isEqualTo("exact");
        assertThat(reached("A.B.Test")).isEqualTo("exact");
        assertThat(reached("x.a.b.test")).isEqualTo("longer");
        assertThat(reached("b.test")).isEqualTo("shorter");
        assertThat(reached("other.example")).isEqualTo(UNRECOGNIZED_NAME);
        assertThat(reached("")).isEqualTo(UNRECOGNIZED_NAME);

        proxy.swap(spec.passthrough("*", "any"));
        assertThat(reached("a.b.test")).isEqualTo("exact");
        assertThat(reached("other.example")).isEqualTo("any");
        assertThat(reached("")).isEqualTo("any");
    }

    @Test
    void aHostThatIsRoutedMoreCloselyIsNotPassedThrough() throws Exception {
        SpecBuilder spec = SpecBuilder.bare()
                .tls()
                .upstream("app", named("app").address())
                .upstream("raw", named("raw").address())
                .route("www.b.test", "/", "app")
                .route("*.c.test", "/", "app")
                .route("same.d.test", "/", "app")
                .passthrough("*.b.test", "raw")
                .passthrough("*", "raw")
                .passthrough("same.d.test", "raw");
        proxy.start(spec);

        assertThat(reached("x.b.test")).isEqualTo("raw");
        assertThat(reached("same.d.test")).isEqualTo("raw");
        assertThat(reached("else.test")).isEqualTo("raw");
        assertThat(reached("www.b.test")).isEqualTo(UNRECOGNIZED_NAME);
        assertThat(reached("x.c.test")).isEqualTo(UNRECOGNIZED_NAME);
    }

    private SpecBuilder to(AcceptingSocket origin) {
        return SpecBuilder.bare().tls().upstream("app", origin.address()).passthrough("*.test", "app");
    }

    @EveryTransport
    void aHelloMayComeInAnyPieces(Transport transport) throws Exception {
        proxy.on(transport).start(to(named("app")));
        for (byte[] hello : List.of(hello("a.test"), Hellos.browser("a.test").records(100))) {
            RawClient client = proxy.client();
            for (int at = 0; at < hello.length; at++) {
                client.send(new byte[] {hello[at]});
            }
            client.send("more").halfClose();
            assertThat(client.untilClosed()).isEqualTo("app " + new String(hello, ISO_8859_1) + "more");
        }
        byte[] big = Hellos.browser("a.test").extension(21, new byte[12_000]).record();
        RawClient client = proxy.client();
        for (int at = 0; at < big.length; at += 1_000) {
            client.send(Arrays.copyOfRange(big, at, Math.min(big.length, at + 1_000)));
        }
        assertThat(client.halfClose().untilClosed()).isEqualTo("app " + new String(big, ISO_8859_1));
    }

    @Test
    void aSessionThatBeganKeepsItsEndpointAndNewOnesGoWhereTheSpecSays() throws Exception {
        proxy.start(to(named("old")));
        RawClient before = proxy.client().send(hello("a.test"));
        assertThat(before.exactText(4)).isEqualTo("old ");

        proxy.swap(to(named("new")));
        assertThat(reached("a.test")).isEqualTo("new");
        proxy.swap(SpecBuilder.bare().tls());
        assertThat(reached("a.test")).isEqualTo(UNRECOGNIZED_NAME);

        String hello = new String(hello("a.test"), ISO_8859_1);
        assertThat(before.exactText(hello.length())).isEqualTo(hello);
        before.send("still here").halfClose();
        assertThat(before.untilClosed()).isEqualTo("still here");
    }

    @Test
    void aRefusingEndpointIsPassedByAndAnApplicationWithNoneEndsTheConnection() throws Exception {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.bare()
                .tls()
                .upstream("app", refusing.address(), named("app").address())
                .upstream("gone")
                .passthrough("a.test", "app")
                .passthrough("gone.test", "gone"));

        for (int i = 0; i < 4; i++) {
            assertThat(reached("a.test")).isEqualTo("app");
        }
        assertThat(proxy.client().send(hello("gone.test")).untilClosed()).isEmpty();
        assertThat(proxy.server().traffic().applications())
                .filteredOn(application -> application.application().equals("gone"))
                .allMatch(application -> application.errors(ErrorCause.NO_ENDPOINT) == 1)
                .hasSize(1);
    }

    @Test
    void aSessionIsCountedAndLogged() throws Exception {
        RecordingAccessLog log = proxy.logged();
        proxy.start(to(named("app")));
        int length = hello("a.test").length;
        assertThat(reached("a.test")).isEqualTo("app");

        AccessRecord record = log.next();
        assertThat(record.application()).isEqualTo("app");
        assertThat(record.host()).isEqualTo("a.test");
        assertThat(record.protocol()).isEqualTo("tls");
        assertThat(record.bytesIn()).isEqualTo(length);
        assertThat(record.bytesOut()).isEqualTo(length + 4);
        assertThat(record.error()).isNull();
        assertThat(proxy.server().traffic().listeners())
                .allMatch(listener -> listener.bytesIn() == length && listener.bytesOut() == length + 4);
    }

    @EveryTransport
    void theEndpointIsToldOfTheClientAndATrustedPeerTellsIt(Transport transport) throws Exception {
        ToldOrigin origin = proxy.with(ToldOrigin.echo());
        proxy.on(transport);
        for (ProxyProtocol version : new ProxyProtocol[] {ProxyProtocol.V1, ProxyProtocol.V2}) {
            SpecBuilder spec = SpecBuilder.bare()
                    .tls()
                    .told(version, "app", origin.address())
                    .passthrough("a.test", "app")
                    .trusted("127.0.0.0/8");
            if (version == ProxyProtocol.V1) {
                proxy.start(spec);
            } else {
                proxy.swap(spec);
            }
            String hello = new String(hello("a.test"), ISO_8859_1);
            assertThat(proxy.client().send(V1 + hello).halfClose().untilClosed())
                    .isEqualTo(hello);
            RawClient plain = proxy.client().send(hello).halfClose();
            assertThat(plain.untilClosed()).isEqualTo(hello);

            List<String> told = origin.told();
            assertThat(told.subList(told.size() - 2, told.size()))
                    .containsExactly(
                            version + " TCP4 192.0.2.7/56324 to 198.51.100.1/8443",
                            version + " TCP4 127.0.0.1/" + plain.localAddress().getPort() + " to 127.0.0.1/"
                                    + proxy.web().getPort());
        }
    }

    @Test
    void whatTheEndpointOrTheClientResetsIsResetForTheOther() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        AcceptingSocket waiting = proxy.with(AcceptingSocket.start("waiting", (socket, number) -> {
            try {
                socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (IOException reset) {
                gone.countDown();
            }
        }));
        proxy.start(to(waiting));
        RawClient client = proxy.client().send(hello("a.test"));
        await().atMost(SOON).until(() -> waiting.open() == 1);
        client.reset();

        assertThat(gone.await(8, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aThousandClientsInsideTheirHellosHoldLittleAndEndWithTheDeadline() throws Exception {
        proxy.start(to(named("app")).clientHeader(Duration.ofSeconds(4)));
        byte[] hello = hello("a.test");
        long before = directBytes();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            clients.add(proxy.client().send(Arrays.copyOf(hello, i % 2 == 0 ? 0 : 600)));
        }
        assertThat(reached("a.test")).isEqualTo("app");
        // 500 pieces of 600 bytes, and what the allocator keeps beside them; a read buffer each would be 32 MiB.
        assertThat(directBytes() - before).isLessThan(8L << 20);

        for (RawClient client : clients) {
            assertThat(client.closedWithin(Duration.ofSeconds(15))).isTrue();
        }
        assertThat(reached("a.test")).isEqualTo("app");
    }

    private static long directBytes() {
        return UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()
                + ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                        .metric()
                        .usedDirectMemory();
    }

    @Test
    void aPassthroughThatNamesNothingIsReportedAndTheOthersHold() throws Exception {
        SpecBuilder spec = to(named("app")).passthrough("bad_host!", "app").passthrough("b.test", "nobody");
        spec.passthrough("*.test", "app").http("plain", SpecBuilder.anyPort());

        assertThat(proxy.startWith(spec.build()))
                .extracting(problem -> problem.object() + ": " + problem.message())
                .containsExactlyInAnyOrder(
                        "passthrough of bad_host! at web to app: the host is not a name, *.name or *",
                        "passthrough of b.test at web to nobody: there is no upstream of that name",
                        "passthrough of *.test at web to app: the same host is passed through already");
        assertThat(reached("a.test")).isEqualTo("app");
    }

    @Test
    void aPassthroughNeedsAListenerWithTls() {
        SpecBuilder spec = SpecBuilder.webTo(named("app").address()).passthrough("a.test", "app");

        assertThat(proxy.startWith(spec.build()))
                .extracting(problem -> problem.object() + ": " + problem.message())
                .containsExactly("passthrough of a.test at web to app: there is no TLS listener of that name");
    }
}
