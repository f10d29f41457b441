package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.RawPeer;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Those who reach the port and prove nothing. */
class StrangersAttackTest extends AttackTest {
    private static final int NEWCOMERS = 256;

    private final List<Thread> threads = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @org.junit.jupiter.api.AfterEach
    void stop() throws Exception {
        over.set(true);
        for (Thread thread : threads) {
            thread.join(20_000);
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void attack(int count, Attack attack) {
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                while (!over.get()) {
                    try {
                        attack.strike(number);
                    } catch (IOException e) {
                        // Hung up on: the next one.
                        Thread.onSpinWait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private interface Attack {
        void strike(int number) throws IOException, InterruptedException;
    }

    private Socket open(Node target) throws IOException {
        InetSocketAddress at = port(target);
        return new Socket(at.getAddress(), at.getPort());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thousandSilentConnectionsKeepNobodyOut(boolean secured) throws Exception {
        cluster(secured);
        for (int i = 0; i < 1_000; i++) {
            sockets.add(open(lb1));
        }

        clusterCarriesOn("1,000 silent connections, secret " + secured);

        // The newest were kept for their time, the others had to go at once.
        assertThat(lb1.membership().stats().refusedConnections()).isGreaterThanOrEqualTo(1_000 - NEWCOMERS);
        if (secured) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> lb1.membership().stats().refusedConnections() >= 1_000);
        }
    }

    @Test
    void trickledHandshakesKeepNobodyOut() throws Exception {
        cluster(true);
        byte[] clientHello = clientHello();
        AtomicInteger again = new AtomicInteger();
        List<Trickle> trickles = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            trickles.add(new Trickle());
        }
        attack(1, number -> {
            for (Trickle trickle : trickles) {
                trickle.step(lb1, clientHello, again);
            }
            Thread.sleep(100);
        });
        await().atMost(SOON).until(() -> again.get() > 300);

        clusterCarriesOn("300 trickled handshakes");

        await().atMost(SOON).until(() -> lb1.membership().stats().refusedConnections() > 300 && again.get() > 600);
    }

    /** A ClientHello that takes longer than anybody waits. */
    private final class Trickle {
        private Socket socket;
        private int sent;

        void step(Node target, byte[] clientHello, AtomicInteger again) {
            try {
                if (socket == null) {
                    again.incrementAndGet();
                    socket = open(target);
                    sent = 0;
                }
                socket.getOutputStream().write(clientHello[sent++]);
            } catch (IOException e) {
                try {
                    socket.close();
                } catch (IOException closing) {
                    // It is closed.
                }
                socket = null;
            }
        }
    }

    private byte[] clientHello() throws Exception {
        SSLEngine engine = Credentials.of(secret, null).clientEngine(List.of("scrimp-cluster"));
        engine.beginHandshake();
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thousandsOfConnectionsOfRandomBytesKeepNobodyOut(boolean secured) throws Exception {
        cluster(secured);
        int connections = secured ? 10_000 : 3_000;
        AtomicInteger count = new AtomicInteger();
        Random seeds = new Random(20261126);
        List<Random> randoms =
                List.of(new Random(seeds.nextLong()), new Random(seeds.nextLong()), new Random(seeds.nextLong()));
        attack(3, number -> {
            if (count.get() >= connections) {
                over.set(true);
                return;
            }
            count.incrementAndGet();
            Random random = randoms.get(number);
            byte[] bytes = new byte[1 + random.nextInt(400)];
            random.nextBytes(bytes);
            // What begins like TLS costs the most, here too.
            switch (random.nextInt(8)) {
                case 0 -> bytes[0] = 22;
                case 1 -> {
                    bytes[0] = 0;
                    if (bytes.length > 6) {
                        System.arraycopy(
                                new byte[] {0, 0, (byte) (bytes.length - 4 >> 8), (byte) (bytes.length - 4), 1},
                                0,
                                bytes,
                                0,
                                5);
                    }
                }
                case 2 -> System.arraycopy(new byte[] {22, 3, 1}, 0, bytes, 0, Math.min(3, bytes.length));
                default -> {}
            }
            try (Socket socket = open(number == 2 ? lb2 : lb1)) {
                socket.getOutputStream().write(bytes);
                if (random.nextInt(8) == 0) {
                    socket.setSoTimeout(50);
                    InputStream in = socket.getInputStream();
                    while (in.read() >= 0 && !over.get()) {
                        Thread.onSpinWait();
                    }
                }
            }
        });
        await().atMost(SOON).until(() -> count.get() > 500);

        clusterCarriesOn("connections of random bytes, secret " + secured);

        await().atMost(Duration.ofSeconds(40)).until(() -> count.get() >= connections);
        clusterCarriesOn("after " + count.get() + " connections of random bytes, secret " + secured);
        assertThat(lb1.membership().stats().refusedConnections()
                        + lb2.membership().stats().refusedConnections())
                .isGreaterThan(connections * 8L / 10);
    }

    @Test
    void handshakesThatNobodyFollowsUpKeepNobodyOut() throws Exception {
        cluster(true);
        Credentials own = Credentials.of(secret, null);
        for (int i = 0; i < 200; i++) {
            attacker(RawPeer.connect(port(lb1), own));
        }

        clusterCarriesOn("200 full handshakes without a hello");

        for (RawPeer peer : attackers) {
            assertThat(peer.closes(10_000)).isTrue();
        }
    }

    @Test
    void handshakesWithAnotherSecretKeepNobodyOut() throws Exception {
        cluster(true);
        Credentials others = Credentials.of(ClusterSecret.generate(), null);
        AtomicInteger count = new AtomicInteger();
        attack(2, number -> {
            RawPeer peer = RawPeer.connect(port(lb1), others);
            peer.closes(5_000);
            peer.close();
            count.incrementAndGet();
        });
        await().atMost(SOON).until(() -> count.get() > 50);

        clusterCarriesOn("handshakes with another secret");
        assertThat(lb1.told().troubles).isEmpty();
    }

    @Test
    void plainFramesAreToldThatASecretIsWantedAndNothingElse() throws Exception {
        cluster(true);
        RawPeer peer = attacker(RawPeer.plain(port(lb1)));
        peer.hello(null, Role.LOAD_BALANCER, "lb-9", "test");

        assertThat(peer.refusal()).isEqualTo("secret-wanted");
        assertThat(peer.closes(5_000)).isTrue();
        try (Socket socket = open(lb1)) {
            OutputStream out = socket.getOutputStream();
            out.write(new byte[] {0, 0, 0, 3, 2, 0, 0});
            socket.setSoTimeout(5_000);
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, java.nio.charset.StandardCharsets.US_ASCII))
                    .contains("secret-wanted");
        }
        everybodySeesEverybody();
    }
}
