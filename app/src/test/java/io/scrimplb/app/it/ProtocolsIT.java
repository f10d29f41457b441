package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.scrimplb.app.certificates.TestAuthority;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How applications are spoken with, from what stands in their files to their own sockets. */
@Timeout(90)
class ProtocolsIT {
    private static final TestAuthority PUBLIC = TestAuthority.root("public");
    private static final TestAuthority OWN = TestAuthority.root("own");

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    private final int port = Ports.listen();

    @Test
    void applicationsAreSpokenWithAsTheirFilesSay() throws Exception {
        TestAuthority.Issued raw = OWN.issue("raw.test");
        Path apps = Files.createDirectory(directory.resolve("apps.d"));
        Path ca = Files.writeString(directory.resolve("ca.pem"), TestAuthority.pem(OWN.certificate()));
        ObjectNode shop = application("shop", https(OWN.issue("shop.internal"))).put("protocol", "https");
        shop.putObject("backend-tls").put("ca", ca.toString()).put("server-name", "shop.internal");
        offer(apps, shop);
        offer(apps, application("raw", https(raw)).put("protocol", "tls"));
        offer(apps, application("told", proxied()).put("proxy-protocol", "v1"));
        Site site = new Site(rig, directory);
        Path chain = directory.resolve("chain.pem");
        Path key = directory.resolve("key.pem");
        PUBLIC.issue("shop.test", "told.test").write(chain, key);
        site.balancer(config -> config.withObject("/load-balancer-config")
                .put("https-redirect-port", "off")
                .put("tls-chain-location", chain.toString())
                .put("tls-key-location", key.toString()));
        Path file = site.backendFile(
                config -> config.putObject("backend-config").put("application-config-dir", apps.toString()));
        rig.scrimp("backend", "-c", file.toString()).start();

        Waiting.until(
                "shop is verified by its own authority",
                () -> get("shop", PUBLIC).body().equals("asked for shop.internal"));
        Waiting.until("raw is passed on", () -> get("raw", OWN).body().equals("asked for raw.test"));
        try (Exchange passed = Exchange.tls(port, "raw.test", Trust.in(OWN))) {
            assertThat(passed.shown()).isEqualTo(raw.leaf());
        }
        Waiting.until("told answers", () -> get("told", PUBLIC).status() == 200);
        assertThat(get("told", PUBLIC).body()).matches("PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 \\d+ " + port);

        // The same file with another authority in it.
        TestAuthority.replace(ca, TestAuthority.pem(PUBLIC.certificate()));
        Waiting.until("shop is no longer believed", () -> {
            Exchange.Reply reply = get("shop", PUBLIC);
            return reply.status() == 502
                    && reply.headers().get("x-scrimp-error").equals("upstream-tls");
        });
    }

    private Exchange.Reply get(String name, TestAuthority authority) throws IOException {
        try (Exchange exchange = Exchange.tls(port, name + ".test", Trust.in(authority))) {
            return exchange.get(name + ".test", "/");
        }
    }

    private ObjectNode application(String name, int applicationPort) {
        return Site.object()
                .put("name", name)
                .put("domains", name + ".test")
                .put("listen-port", port)
                .put("application-port", applicationPort);
    }

    private static void offer(Path apps, ObjectNode application) throws IOException {
        Files.writeString(apps.resolve(application.get("name").asText() + ".scrimp.json"), application.toString());
    }

    /** Answers with the name that it was asked for by TLS. */
    private int https(TestAuthority.Issued issued) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(Trust.showing(issued)));
        server.createContext("/", exchange -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
            List<SNIServerName> names = session.getRequestedServerNames();
            byte[] body = ("asked for " + new String(names.get(0).getEncoded(), StandardCharsets.US_ASCII)).getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        rig.closing(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    /** Answers one request a connection with the line that the connection began with. */
    private int proxied() throws IOException {
        ServerSocket server = rig.closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(() -> answerProxied(server), "proxied");
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private static void answerProxied(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                String first = Exchange.line(in);
                Exchange.line(in);
                Exchange.headers(in);
                OutputStream out = socket.getOutputStream();
                out.write(("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + first.length() + "\r\n\r\n"
                                + first)
                        .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException ended) {
                // What matters is asserted at the client.
            }
        }
    }
}
