package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Role;
import io.scrimplb.seed.Seed;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A backend that is told to join through what leads nowhere. */
class WrongSeedTest extends ClusterTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void eachCauseIsToldOnceForItsSeedAndTheRightOneIsStillJoined() throws Exception {
        int free;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, LOOPBACK)) {
            free = closedSoon.getLocalPort();
        }
        Node other = start(spec("other", Role.LOAD_BALANCER, "other", LOOPBACK, 0, 0));
        InetSocketAddress stranger = other.membership().view().self().address();
        seeds.publish(new Seed("lb.invalid", 9999, null));
        seeds.publish(new InetSocketAddress(LOOPBACK, free));
        seeds.publish(stranger);
        CapturedLog log = new CapturedLog();
        Node backend;
        try (log) {
            backend = backend("web-1");
            seeds.publish(backend.membership());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> backend.told().troubles.size() == 4);
        }

        assertThat(backend.told().troubles)
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("seed lb.invalid:9999: its name is unknown"),
                        line -> assertThat(line).contains("seed 127.0.0.1:" + free + ": connection refused"),
                        line -> assertThat(line)
                                .contains("the cluster 'test' is not found at the seed 127.0.0.1:" + stranger.getPort()
                                        + ": the cluster there is called 'other'"),
                        line -> assertThat(line).contains("that is this backend itself"))
                .allSatisfy(line -> assertThat(line).doesNotContain("\n"));
        assertThat(log.lines("WARN SeedDoubts - the cluster 'test'")).hasSize(4);
        assertThat(log.lines("looking for a load balancer at lb.invalid:9999, 127.0.0.1:" + free))
                .isNotEmpty();
        assertThat(log.lines("no seed names one")).isEmpty();

        Node lb = loadBalancer("lb");
        awaitMembers(2, lb, backend);
        assertThat(backend.told().troubles).hasSize(4);
    }

    @Test
    void corruptSeedObjectIsToldOnceByABackend() throws Exception {
        seeds.corrupt = true;
        seeds.writable = true;
        Node backend = backend("web-1");

        await().atMost(SOON).until(() -> !backend.told().troubles.isEmpty());

        assertThat(backend.told().troubles)
                .containsExactly("the seeds cannot be read, trying again: memory holds no seed object");
    }

    @Test
    void corruptSeedObjectIsLeftToThePublisherByALoadBalancer() throws Exception {
        seeds.corrupt = true;
        seeds.writable = true;
        CapturedLog log = new CapturedLog();
        Node lb;
        try (log) {
            lb = start(spec(Role.LOAD_BALANCER, "lb"));
        }

        assertThat(log.lines("WARN")).isEmpty();
        await().during(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(5))
                .until(() -> lb.told().troubles.isEmpty());
    }

    @Test
    void corruptSeedObjectThatNobodyOverwritesIsToldByALoadBalancer() throws Exception {
        seeds.corrupt = true;
        Node lb = start(spec(Role.LOAD_BALANCER, "lb"));

        await().atMost(SOON).until(() -> lb.told().troubles.size() == 1);
    }

    @Test
    void errorInASeedProviderEndsNothing() throws Exception {
        seeds.error = new NoClassDefFoundError("no/such/Signer");
        Node backend = backend("web-1");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(backend.told().troubles)
                        .singleElement()
                        .asString()
                        .contains("failed unexpectedly", "no/such/Signer"));

        seeds.error = null;

        Node lb = loadBalancer("lb");
        awaitMembers(2, lb, backend);
    }
}
