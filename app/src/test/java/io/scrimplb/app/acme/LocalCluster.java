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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

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

    @Override
    public void close() {
        balancers.values().forEach(balancer -> balancer.service.close());
        servers.forEach(server -> server.stop(0));
    }
}
