package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.Versions;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.JoinToken;
import io.scrimplb.seed.Seed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever keeps a member out is said in one line, once, by the member that is kept out. */
class MisconfigurationTest extends ClusterTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Versions NEXT = new Versions(2, 3, Versions.OWN.stream());

    private final List<AutoCloseable> sockets = new ArrayList<>();
    private final ClusterSecret secret = ClusterSecret.generate();

    /** A member that is kept out, and what it has to say. */
    private record Kept(Node node, String line) {}

    @AfterEach
    void closeSockets() throws Exception {
        for (AutoCloseable socket : sockets) {
            socket.close();
        }
    }

    @Test
    void eachMistakeOfABackendHasItsLine() throws Exception {
        Node secured = start(spec(Role.LOAD_BALANCER, "secured"), Credentials.of(secret, null));
        Node plain = start(spec(Role.LOAD_BALANCER, "plain"));
        Node next = start(spec(Role.LOAD_BALANCER, "next"), null, NEXT, new TestSeeds());
        Node named = start(spec("other", Role.LOAD_BALANCER, "named", LOOPBACK, 0, 0));
        Credentials stranger = Credentials.of(ClusterSecret.generate(), null);
        Instant past = Instant.now().minusSeconds(3_600);
        Credentials expired = Credentials.of(JoinToken.create(secret, Role.BACKEND, Claims.UNLIMITED, past));
        Credentials foreign = Credentials.of(JoinToken.create(
                ClusterSecret.generate(),
                Role.BACKEND,
                Claims.UNLIMITED,
                Instant.now().plusSeconds(60)));

        List<Kept> kept = List.of(
                backend(
                        "wrong-secret",
                        stranger,
                        at(secured),
                        "a member with another cluster-secret answers there; set the same cluster-secret on all members,"
                                + " or a join-token of that cluster"),
                backend("foreign-token", foreign, at(secured), "a member with another cluster-secret answers there"),
                backend(
                        "expired-token",
                        expired,
                        at(secured),
                        "the join-token of this member has expired (since " + past.truncatedTo(ChronoUnit.SECONDS)),
                backend(
                        "no-secret",
                        null,
                        at(secured),
                        "the cluster there has a cluster-secret and this member has none; set cluster-secret or"
                                + " join-token"),
                backend(
                        "needless-secret",
                        stranger,
                        at(plain),
                        "the cluster there has no cluster-secret and this member has one; set the same cluster-secret on"
                                + " all members"),
                backend(
                        "other-name",
                        null,
                        at(named),
                        "the cluster there is called 'other'; set cluster-name to the same on both"),
                backend(
                        "other-version",
                        null,
                        at(next),
                        "it speaks another version of the cluster's protocol (" + NEXT + ", this one " + Versions.OWN
                                + "); update the older of the two"),
                backend(
                        "closed-port",
                        null,
                        closedPort(),
                        "connection refused; check that a load balancer runs there, and that this is its cluster port"),
                backend(
                        "blocked-port",
                        null,
                        blockedPort(),
                        "no answer; check the address, and the firewalls on the way"),
                backend("silent", null, silent(), "no answer; check the address, and the firewalls on the way"),
                backend(
                        "not-a-member",
                        null,
                        webServer(),
                        "something answers there that is no member of a cluster; check the address and the port"),
                backend("unknown-name", null, new Seed("lb.invalid", 9999, null), "its name is unknown"),
                unreadable("unreadable"));

        for (Kept one : kept) {
            String name = one.node().membership().view().self().name();
            await(name)
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> !one.node().told().troubles.isEmpty());
        }
        // Some attempts later it is still one line each.
        await().during(Duration.ofMillis(1_500))
                .atMost(Duration.ofSeconds(5))
                .until(() ->
                        kept.stream().allMatch(one -> one.node().told().troubles.size() == 1));
        for (Kept one : kept) {
            String line = one.node().told().troubles.get(0);
            System.out.println(one.node().membership().view().self().name() + ": " + line);
            assertThat(line).contains(one.line()).doesNotContain("\n");
            assertThat(one.node().membership().view().alone()).isTrue();
        }
        assertThat(List.of(secured, plain, next, named)).allMatch(lb -> lb.members() == 1);
    }

    @Test
    void loadBalancerFoundsNoSecondClusterBesideOneItCannotJoin() throws Exception {
        Node first = start(spec(Role.LOAD_BALANCER, "first"), Credentials.of(secret, null));
        TestSeeds named = new TestSeeds();
        named.publish(at(first));
        CapturedLog log = new CapturedLog();
        Node second;
        try (log) {
            second = start(
                    spec(Role.LOAD_BALANCER, "second"),
                    Credentials.of(ClusterSecret.generate(), null),
                    Versions.OWN,
                    named);
        }

        assertThat(second.membership().joined()).isFalse();
        assertThat(second.told().views).isEmpty();
        await().atMost(SOON).until(() -> !second.told().troubles.isEmpty());
        assertThat(second.told().troubles)
                .containsExactly("the cluster 'test' is not found at the seed 127.0.0.1:"
                        + first.membership().view().self().address().getPort()
                        + ": a member with another cluster-secret answers there; set the same cluster-secret on all"
                        + " members, and this load balancer founds no second cluster beside it; still trying");
        assertThat(log.lines("starting without the cluster 'test'")).hasSize(1);

        first.membership().close();

        await().atMost(SOON).until(() -> second.membership().joined());
        assertThat(second.members()).isEqualTo(1);
    }

    @Test
    void loadBalancerWhoseSeedsDoNotAnswerFoundsACluster() throws Exception {
        TestSeeds dead = new TestSeeds();
        dead.publish(closedPort());
        dead.publish(blockedPort());
        long started = System.nanoTime();

        Node lb = start(spec(Role.LOAD_BALANCER, "lb"), null, Versions.OWN, dead);

        assertThat(lb.membership().joined()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void programsOfOverlappingVersionsShareACluster() throws Exception {
        Node old = loadBalancer("old");
        Node newer = start(spec(Role.LOAD_BALANCER, "newer"), null, new Versions(1, 3, Versions.OWN.stream()), seeds);
        Node patched =
                start(spec(Role.BACKEND, "patched"), null, new Versions(1, 2, Versions.OWN.stream() + ".9"), seeds);
        awaitMembers(3, old, newer, patched);

        patched.membership().announce(announcement(1, "blog"));

        awaitAnnounced(old, patched, announcement(1, "blog"));
        awaitAnnounced(newer, patched, announcement(1, "blog"));
    }

    private Kept backend(String name, @Nullable Credentials credentials, Seed at, String line) throws Exception {
        TestSeeds seeds = new TestSeeds();
        seeds.publish(at);
        return new Kept(start(spec(Role.BACKEND, name), credentials, Versions.OWN, seeds), line);
    }

    private Kept unreadable(String name) throws Exception {
        TestSeeds broken = new TestSeeds();
        broken.broken = true;
        return new Kept(
                start(spec(Role.BACKEND, name), null, Versions.OWN, broken),
                "the seeds cannot be read, trying again: the store is on fire");
    }

    private static Seed at(Node node) {
        InetSocketAddress address = node.membership().view().self().address();
        return new Seed(address.getAddress().getHostAddress(), address.getPort(), null);
    }

    private static Seed at(int port) {
        return new Seed(LOOPBACK.getHostAddress(), port, null);
    }

    private static Seed closedPort() throws IOException {
        try (ServerSocket closedSoon = new ServerSocket(0, 1, LOOPBACK)) {
            return at(closedSoon.getLocalPort());
        }
    }

    /** Its queue of waiting connections is full, so that the kernel drops what comes, as a firewall does. */
    private Seed blockedPort() throws IOException {
        ServerSocket full = new ServerSocket(0, 1, LOOPBACK);
        sockets.add(full);
        for (int i = 0; i < 8; i++) {
            Socket waiting = new Socket();
            sockets.add(waiting);
            try {
                waiting.connect(full.getLocalSocketAddress(), 200);
            } catch (IOException e) {
                break;
            }
        }
        return at(full.getLocalPort());
    }

    /** Takes connections and says nothing. */
    private Seed silent() throws IOException {
        ServerSocket silent = new ServerSocket(0, 50, LOOPBACK);
        sockets.add(silent);
        return at(silent.getLocalPort());
    }

    /** Says something else to whatever comes. */
    private Seed webServer() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, LOOPBACK);
        sockets.add(server);
        Thread serving = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                } catch (IOException e) {
                    // The client went, or the test is over.
                }
            }
        });
        serving.setDaemon(true);
        serving.start();
        return at(server.getLocalPort());
    }
}
