package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.AcceptingSocket;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.partners.RefusingAddress;
import io.scrimplb.proxy.partners.ToldOrigin;
import io.scrimplb.proxy.partners.WireReader;
import io.scrimplb.proxy.spec.ProxyProtocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints of HTTP applications that are told of their clients: one client a connection. */
@Timeout(60)
class ToldHttpTest {
    private static final Duration SOON = Duration.ofSeconds(8);

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final ToldOrigin origin = proxy.with(ToldOrigin.http());

    private SpecBuilder spec(ProxyProtocol version) {
        return SpecBuilder.web().told(version, "app", origin.address()).route("*", "/", "app");
    }

    private String told(ProxyProtocol version, RawClient client) {
        return version + " TCP4 127.0.0.1/" + client.localAddress().getPort() + " to 127.0.0.1/"
                + proxy.web().getPort();
    }

    @EveryTransport
    void everyRequestIsOnAConnectionThatTellsItsClient(Transport transport) throws Exception {
        proxy.on(transport);
        for (ProxyProtocol version : new ProxyProtocol[] {ProxyProtocol.V1, ProxyProtocol.V2}) {
            if (version == ProxyProtocol.V1) {
                proxy.start(spec(version));
            } else {
                proxy.swap(spec(version));
            }
            RawClient one = proxy.client();
            RawClient two = proxy.client();
            for (int i = 0; i < 3; i++) {
                for (RawClient client : new RawClient[] {one, two}) {
                    RawResponse response = client.get("a.test", "/");
                    assertThat(response.text()).isEqualTo(told(version, client));
                    assertThat(response.head().lists("Connection", "close"))
                            .as("the client's connection ends")
                            .isFalse();
                }
            }
        }
        await().atMost(SOON).until(() -> origin.open() == 0);
    }

    @Test
    void aBodyGoesBehindTheHeader() throws Exception {
        proxy.start(spec(ProxyProtocol.V2));
        RawClient client = proxy.client();
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n\r\n");
        client.send("x".repeat(100_000));

        assertThat(client.response().text()).isEqualTo(told(ProxyProtocol.V2, client));
    }

    @Test
    void aConnectionThatWasKeptBeforeIsNotUsed() throws Exception {
        BlockingQueue<String> beginnings = new LinkedBlockingQueue<>();
        AcceptingSocket both = proxy.with(AcceptingSocket.start("origin of both kinds", (socket, number) -> {
            WireReader reader = new WireReader(socket.getInputStream());
            for (String line = reader.line(); ; line = reader.line()) {
                beginnings.add(number + " " + line.split(" ")[0]);
                while (!line.isEmpty()) {
                    line = reader.line();
                }
                socket.getOutputStream().write(RecordingOrigin.OK.getBytes(StandardCharsets.ISO_8859_1));
            }
        }));
        proxy.start(SpecBuilder.webTo(both.address()));
        RawClient client = proxy.client();
        assertThat(client.get("a.test", "/").status()).isEqualTo(200);

        proxy.swap(
                SpecBuilder.web().told(ProxyProtocol.V1, "app", both.address()).route("*", "/", "app"));
        assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        proxy.swap(SpecBuilder.webTo(both.address()));
        assertThat(client.get("a.test", "/").status()).isEqualTo(200);

        assertThat(beginnings).containsExactly("1 GET", "2 PROXY", "3 GET");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProxyProtocol.class,
            names = {"V1", "V2"})
    void whatATrustedPeerToldIsToldOnAndTheNextEndpointIsToldTooWhenOneRefuses(ProxyProtocol version) throws Exception {
        RefusingAddress refusing = proxy.with(RefusingAddress.open());
        proxy.start(SpecBuilder.web()
                .told(version, "app", refusing.address(), origin.address())
                .route("*", "/", "app")
                .trusted("127.0.0.0/8"));

        for (int i = 0; i < 3; i++) {
            RawClient client = proxy.client().send("PROXY TCP6 2001:db8::7 2001:db8::1 5 443\r\n");
            assertThat(client.get("a.test", "/").text())
                    .isEqualTo(version + " TCP6 2001:db8:0:0:0:0:0:7/5 to 2001:db8:0:0:0:0:0:1/443");
        }
    }

    @Test
    void aTunnelIsToldOfItsClient() throws Exception {
        ToldOrigin upgrading = proxy.with(ToldOrigin.start((socket, in, said) -> {
            byte[] head = new byte[4096];
            int length = in.read(head);
            String request = new String(head, 0, length, StandardCharsets.ISO_8859_1);
            assertThat(request).contains("Connection: Upgrade\r\n").doesNotContain("close");
            socket.getOutputStream()
                    .write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n" + said)
                            .getBytes(StandardCharsets.ISO_8859_1));
            in.transferTo(socket.getOutputStream());
        }));
        proxy.start(SpecBuilder.web()
                .told(ProxyProtocol.V1, "app", upgrading.address())
                .route("*", "/", "app"));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test", "Connection: Upgrade", "Upgrade: echo");

        assertThat(client.responseHead().status()).isEqualTo(101);
        String told = told(ProxyProtocol.V1, client);
        assertThat(client.exactText(told.length())).isEqualTo(told);
        client.send("ping");
        assertThat(client.exactText(4)).isEqualTo("ping");
    }
}
