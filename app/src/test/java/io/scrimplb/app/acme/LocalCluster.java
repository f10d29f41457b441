package io.scrimplb.app.acme;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.certificates.TlsMaterial;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

/** Load balancers as far as certificates are concerned, in this process: real services, and notes that are handed over. */
final class LocalCluster implements AutoCloseable {
    /** One of them, with all that was said to it. */
    static final class Balancer {
        final Member member;
        final CertificateBoard board = new CertificateBoard(Clock.systemUTC());
        final MeterRegistry meters = new SimpleMeterRegistry();
        final List<String> heard = new CopyOnWriteArrayList<>();
        final AcmeService service;

        private Balancer(Member member, AcmeSettings settings) {
            this.member = member;
            this.service = AcmeService.start(settings, board, meters, Clock.systemUTC());
            // As the proxy does: what is on the board is in force a moment later.
            board.listen(material -> service.applied(material.challenges()));
        }

        Optional<CertificateSpec> certificate(String host) {
            return board.material().certificates().stream()
                    .filter(certificate -> certificate.name().equals(host))
                    .findFirst();
        }

        List<String> problems(String host) {
            return board.status().stream()
                    .filter(status -> status.name().equals(host))
                    .map(status -> String.valueOf(status.problem()))
                    .toList();
        }
    }

    private final Map<String, Balancer> balancers = new ConcurrentHashMap<>();
    private final List<String> order = new ArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<Closeable> closing = new ArrayList<>();
    private int names;

    /** The newest, last in every view. */
    Balancer join(AcmeSettings settings) {
        String id = "lb" + ++names;
        Balancer balancer = new Balancer(
                new Member(id, id, Role.LOAD_BALANCER, new InetSocketAddress(InetAddress.getLoopbackAddress(), 9999)),
                settings);
        balancers.put(id, balancer);
        order.add(id);
        balancer.service.connect((to, topic, content) -> {
            Balancer receiver = balancers.get(to);
            if (receiver != null && balancers.containsKey(id)) {
                receiver.heard.add(content);
                receiver.service.noted(balancer.member, topic, content);
            }
        });
        tellViews();
        return balancer;
    }

    /** Ends at once, as when it is killed. */
    void kill(Balancer balancer) {
        balancers.remove(balancer.member.id());
        order.remove(balancer.member.id());
        balancer.service.close();
        tellViews();
    }

    private void tellViews() {
        List<Member> members =
                order.stream().map(id -> balancers.get(id).member).toList();
        balancers.values().forEach(one -> one.service.viewChanged(new ClusterView(one.member, members, Set.of())));
    }

    /** Answers challenges as one load balancer's plain listener does. */
    void answerHttp(int port, Balancer from) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
        server.createContext("/.well-known/acme-challenge/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String token = path.substring(path.lastIndexOf('/') + 1);
            TlsMaterial material = from.board.material();
            Optional<String> content = material.challenges().stream()
                    .filter(ChallengeSpec.Http.class::isInstance)
                    .map(ChallengeSpec.Http.class::cast)
                    .filter(challenge -> challenge.token().equals(token))
                    .map(ChallengeSpec.Http::content)
                    .findFirst();
            byte[] body = content.orElse("none").getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(content.isPresent() ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        servers.add(server);
    }

    /** Shows challenge certificates over {@code acme-tls/1} as one load balancer's TLS listener does. */
    void answerAlpn(int port, Balancer from) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new ShownChallenge(from)}, null, null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(port, 16, InetAddress.getLoopbackAddress());
        closing.add(server);
        Thread answering = new Thread(() -> {
            while (!server.isClosed()) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setApplicationProtocols(new String[] {"acme-tls/1"});
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                } catch (IOException e) {
                    // A client that goes, or the end of the test.
                    continue;
                }
            }
        });
        answering.setDaemon(true);
        answering.start();
    }

    /** The key and the certificate of the challenge that is shown at the moment. */
    private static final class ShownChallenge extends X509ExtendedKeyManager {
        private final Balancer from;

        ShownChallenge(Balancer from) {
            this.from = from;
        }

        private CertificateSpec certificate() {
            return from.board.material().challenges().stream()
                    .filter(ChallengeSpec.TlsAlpn.class::isInstance)
                    .map(ChallengeSpec.TlsAlpn.class::cast)
                    .map(ChallengeSpec.TlsAlpn::certificate)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return "EC".equals(type) ? "challenge" : null;
        }

        @Override
        public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
            return chooseServerAlias(type, issuers, null);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return certificate().chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return certificate().key();
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[] {"challenge"};
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable one : closing) {
            one.close();
        }
        balancers.values().forEach(balancer -> balancer.service.close());
        servers.forEach(server -> server.stop(0));
    }
}
