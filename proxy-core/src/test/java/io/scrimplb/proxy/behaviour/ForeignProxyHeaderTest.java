package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.ForeignServer;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.spec.ProxyProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The PROXY protocol with programs that none of us wrote: HAProxy on either side, nginx behind, curl in front. */
@Timeout(60)
class ForeignProxyHeaderTest {
    private static final String TOLD = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 8443\r\n";
    private static final String TOLD6 = "PROXY TCP6 2001:db8::7 2001:db8::1 56324 8443\r\n";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    @TempDir
    Path directory;

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void haproxy(String config, int... ports) throws Exception {
        ForeignServer.assumeInstalled("haproxy", "-v");
        String defaults = "defaults\n  timeout connect 5s\n  timeout client 20s\n  timeout server 20s\n";
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), defaults + config);
        proxy.with(
                ForeignServer.start(directory.resolve("haproxy.log"), ports, "haproxy", "-db", "-f", file.toString()));
    }

    private void startTelling(ProxyProtocol version, int port) {
        SpecBuilder spec = SpecBuilder.web()
                .told(version, "app", loopback(port))
                .route("*", "/", "app")
                .trusted("127.0.0.0/8");
        if (version == ProxyProtocol.V1) {
            proxy.start(spec);
        } else {
            proxy.swap(spec);
        }
    }

    private String told(String header) throws Exception {
        RawClient client = proxy.client().send(header);
        return client.get("a.test", "/").text().strip();
    }

    @Test
    void haproxyInFrontIsUnderstood() throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.webTo(origin.address()).trusted("127.0.0.9/32"));
        int[] ports = {ForeignServer.freePort(), ForeignServer.freePort(), ForeignServer.freePort()};
        String[] options = {"send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id"};
        StringBuilder config = new StringBuilder();
        for (int i = 0; i < ports.length; i++) {
            config.append("listen l" + i + "\n  mode tcp\n  unique-id-format %{+X}o%ci:%cp\n  bind 127.0.0.1:"
                    + ports[i] + "\n  server s 127.0.0.1:" + proxy.web().getPort() + " source 127.0.0.9 " + options[i]
                    + "\n");
        }
        haproxy(config.toString(), ports);

        for (int port : ports) {
            RawClient client = proxy.with(RawClient.connect(loopback(port)));
            assertThat(client.get("a.test", "/", "X-Forwarded-For: 203.0.113.9").status())
                    .isEqualTo(200);
            MessageHead head = origin.next().head();
            assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
            assertThat(head.all("X-Forwarded-Port")).containsExactly(String.valueOf(port));
        }
    }

    @Test
    void haproxyBehindUnderstands() throws Exception {
        int port = ForeignServer.freePort();
        haproxy(
                "frontend f\n  mode http\n  bind 127.0.0.1:" + port + " accept-proxy\n"
                        + "  http-request return status 200 content-type text/plain lf-string"
                        + " \"%[src]/%[src_port] to %[dst]/%[dst_port]\"\n",
                port);
        for (ProxyProtocol version : new ProxyProtocol[] {ProxyProtocol.V1, ProxyProtocol.V2}) {
            startTelling(version, port);

            assertThat(told(TOLD)).isEqualTo("192.0.2.7/56324 to 198.51.100.1/8443");
            assertThat(told(TOLD6)).isEqualTo("2001:db8::7/56324 to 2001:db8::1/8443");
            assertThat(told(""))
                    .startsWith("127.0.0.1/")
                    .endsWith(" to 127.0.0.1/" + proxy.web().getPort());
        }
    }

    @Test
    void nginxBehindUnderstands() throws Exception {
        ForeignServer.assumeInstalled("nginx", "-v");
        int port = ForeignServer.freePort();
        StringBuilder config = new StringBuilder("daemon off;\nmaster_process off;\npid " + directory
                + "/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n  access_log off;\n");
        for (String kind : new String[] {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            config.append("  " + kind + "_temp_path " + directory + "/" + kind + ";\n");
        }
        config.append("  server {\n    listen 127.0.0.1:" + port + " proxy_protocol;\n"
                + "    return 200 \"$proxy_protocol_addr/$proxy_protocol_port to"
                + " $proxy_protocol_server_addr/$proxy_protocol_server_port\";\n  }\n}\n");
        Path file = Files.writeString(directory.resolve("nginx.conf"), config);
        proxy.with(ForeignServer.start(
                directory.resolve("nginx.log"),
                new int[] {port},
                "nginx",
                "-e",
                "stderr",
                "-p",
                directory.toString(),
                "-c",
                file.toString()));
        for (ProxyProtocol version : new ProxyProtocol[] {ProxyProtocol.V1, ProxyProtocol.V2}) {
            startTelling(version, port);

            assertThat(told(TOLD)).isEqualTo("192.0.2.7/56324 to 198.51.100.1/8443");
            assertThat(told(TOLD6)).startsWith("2001:db8:").endsWith("/8443");
            assertThat(told(""))
                    .startsWith("127.0.0.1/")
                    .endsWith(" to 127.0.0.1/" + proxy.web().getPort());
        }
    }

    @Test
    void curlInFrontIsUnderstood() throws Exception {
        ForeignServer.assumeInstalled("curl", "--version");
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.webTo(origin.address()).trusted("127.0.0.0/8").trusted("::1/128"));
        Process curl = new ProcessBuilder(
                        "curl",
                        "--silent",
                        "--haproxy-protocol",
                        "--max-time",
                        "20",
                        "http://127.0.0.1:" + proxy.web().getPort() + "/")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("curl").toFile())
                .start();

        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("curl")).hasContent("ok");
        assertThat(origin.next().head().all("X-Forwarded-For")).containsExactly("127.0.0.1");
    }
}
