package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.Crash;
import io.scrimplb.membership.transport.Versions;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.seed.SeedProvider;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A cluster on loopback in this process, taken down after each test. */
@Timeout(90)
abstract class ClusterTest {
    /** Far above what anything takes, for machines that are busy with other things. */
    static final Duration SOON = Duration.ofSeconds(20);

    /** A member and what it was told. */
    record Node(JGroupsMembership membership, Recorder told) {
        String id() {
            return membership.view().self().id();
        }

        int members() {
            return membership.view().members().size();
        }

        /** Gone without a word, as when the process is killed. */
        void crash() {
            try {
                Crash.of(membership.network());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    final TestSeeds seeds = new TestSeeds();
    private final List<Node> nodes = new CopyOnWriteArrayList<>();

    @AfterEach
    void takeDown() {
        List<Thread> closing =
                nodes.stream().map(node -> new Thread(node.membership()::close)).toList();
        closing.forEach(Thread::start);
        closing.forEach(thread -> {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    Node loadBalancer(String name) throws Exception {
        Node node = start(spec(Role.LOAD_BALANCER, name));
        seeds.publish(node.membership());
        return node;
    }

    Node backend(String name) throws Exception {
        return start(spec(Role.BACKEND, name));
    }

    Node start(MembershipSpec spec) throws MembershipException {
        return start(spec, null);
    }

    /**
     * @param credentials null for none
     */
    Node start(MembershipSpec spec, Credentials credentials) throws MembershipException {
        return start(spec, credentials, Versions.OWN, seeds);
    }

    Node start(MembershipSpec spec, Credentials credentials, Versions versions, SeedProvider source)
            throws MembershipException {
        Recorder told = new Recorder();
        Node node =
                new Node((JGroupsMembership) JGroupsMembership.start(spec, credentials, versions, source, told), told);
        nodes.add(node);
        return node;
    }

    static MembershipSpec spec(Role role, String name) {
        return spec("test", role, name, InetAddress.getLoopbackAddress(), 0, 0);
    }

    static MembershipSpec spec(String cluster, Role role, String name, InetAddress bind, int port, int range) {
        return new MembershipSpec(cluster, role, name, bind, port, range, null, 0);
    }

    static Announcement announcement(long revision, String... applications) {
        return new Announcement(
                revision,
                null,
                List.of(applications).stream().map(name -> application(name, 1)).toList());
    }

    static Application application(String name, int domains) {
        return new Application(
                name,
                IntStream.range(0, domains)
                        .mapToObj(i -> name + "-" + i + ".example.com")
                        .toList(),
                List.of("/"),
                443,
                8081,
                ApplicationProtocol.HTTP,
                "1.0",
                100,
                null,
                ApplicationOptions.NONE);
    }

    static void awaitMembers(int count, Node... nodes) {
        for (Node node : nodes) {
            await(node.membership().view().self().name() + " sees " + count)
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> node.members() == count);
        }
    }

    static void awaitAnnounced(Node loadBalancer, Node backend, Announcement announcement) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(loadBalancer.told().announced.get(backend.id()))
                        .isEqualTo(announcement));
    }
}
