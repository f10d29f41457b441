package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Role;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JoinTest extends ClusterTest {
    @Test
    void backendJoinsAndItsApplicationsAreKnownSoon() throws Exception {
        Node lb = loadBalancer("lb");
        long started = System.nanoTime();
        Node backend = backend("web-1");
        backend.membership().announce(announcement(1, "blog"));

        awaitAnnounced(lb, backend, announcement(1, "blog"));

        long millis = (lb.told().announcedAtNanos.get(backend.id()) - started) / 1_000_000;
        System.out.println("join to announced, cold: " + millis + " ms");
        assertThat(lb.membership().view().member(backend.id()))
                .contains(backend.membership().view().self());
        assertThat(lb.membership().view().members())
                .extracting(m -> m.role())
                .containsExactly(Role.LOAD_BALANCER, Role.BACKEND);
        assertThat(lb.told().outsiders).isEmpty();
        assertThat(lb.told().threads).hasSize(1);
    }

    @Test
    void changeIsAnnouncedUnaskedAtOnce() throws Exception {
        Node lb = loadBalancer("lb");
        Node backend = backend("web-1");
        backend.membership().announce(announcement(1, "blog"));
        awaitAnnounced(lb, backend, announcement(1, "blog"));

        backend.membership().announce(announcement(2, "blog", "shop"));

        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() ->
                        assertThat(lb.told().announced.get(backend.id())).isEqualTo(announcement(2, "blog", "shop")));
    }

    @Test
    void hundredApplicationsWithTenDomainsEachFit() throws Exception {
        Node lb = loadBalancer("lb");
        Node backend = backend("web-1");
        Announcement big = new Announcement(
                1,
                "10.1.2.3",
                IntStream.range(0, 100)
                        .mapToObj(i -> application("app-" + i, 10))
                        .toList());

        backend.membership().announce(big);

        awaitAnnounced(lb, backend, big);
    }

    @Test
    void largestAnnouncementTravelsInFragments() throws Exception {
        Node lb = loadBalancer("lb");
        Node backend = backend("web-1");
        Announcement big = new Announcement(
                1,
                null,
                IntStream.range(0, 400)
                        .mapToObj(i -> application("app-" + i, 60))
                        .toList());

        backend.membership().announce(big);

        awaitAnnounced(lb, backend, big);
    }

    @Test
    void backendThatIsFirstWaitsForItsLoadBalancer() throws Exception {
        Node backend = backend("web-1");
        backend.membership().announce(announcement(1, "blog"));
        assertThat(backend.membership().view().alone()).isTrue();

        Node lb = loadBalancer("lb");

        awaitAnnounced(lb, backend, announcement(1, "blog"));
        assertThat(backend.told().views).as("it never founded a cluster").noneMatch(view -> view.alone());
    }

    @Test
    void twoLoadBalancersAtTheSameInstantEndInOneView() throws Exception {
        CompletableFuture<Node> one = async("lb-1");
        CompletableFuture<Node> two = async("lb-2");

        awaitMembers(2, one.get(), two.get());
        assertThat(one.get().membership().view().members())
                .isEqualTo(two.get().membership().view().members());
    }

    @Test
    void loadBalancerThatJoinsLaterKnowsWhatTheFirstKnows() throws Exception {
        Node first = loadBalancer("lb-1");
        Node backend = backend("web-1");
        backend.membership().announce(announcement(1, "blog"));
        awaitAnnounced(first, backend, announcement(1, "blog"));

        Node second = loadBalancer("lb-2");

        awaitAnnounced(second, backend, announcement(1, "blog"));
        backend.membership().announce(announcement(2, "shop"));
        awaitAnnounced(first, backend, announcement(2, "shop"));
        awaitAnnounced(second, backend, announcement(2, "shop"));
        assertThat(second.told().troubles).isEmpty();
    }

    @Test
    void otherClusterNameIsNotJoined() throws Exception {
        Node lb = loadBalancer("lb");
        Node stranger = start(spec("other", Role.BACKEND, "stranger", InetAddress.getLoopbackAddress(), 0, 0));
        Node friend = backend("friend");

        awaitMembers(2, lb, friend);

        await().during(Duration.ofMillis(700))
                .atMost(Duration.ofSeconds(5))
                .until(() -> stranger.told().views.isEmpty() && lb.members() == 2);
    }

    @Test
    void unreadableSeedsAreReportedOnceAndTriedAgain() throws Exception {
        Node lb = loadBalancer("lb");
        seeds.broken = true;
        Node backend = backend("web-1");
        await().atMost(SOON).until(() -> !backend.told().troubles.isEmpty());

        seeds.broken = false;

        awaitMembers(2, lb, backend);
        assertThat(backend.told().troubles)
                .containsExactly("the seeds cannot be read, trying again: the store is on fire: put it out");
    }

    @Test
    void ipv6LoopbackWorks() throws Exception {
        InetAddress six = InetAddress.getByName("::1");
        Node lb = start(spec("test", Role.LOAD_BALANCER, "lb", six, 0, 0));
        seeds.publish(lb.membership());
        Node backend = start(spec("test", Role.BACKEND, "web-1", six, 0, 0));
        backend.membership().announce(announcement(1, "blog"));

        awaitAnnounced(lb, backend, announcement(1, "blog"));
        assertThat(lb.membership()
                        .view()
                        .member(backend.id())
                        .orElseThrow()
                        .address()
                        .getAddress())
                .isEqualTo(six);
    }

    @Test
    void applicationsThatBreakTheRulesAreReportedWhereTheyAreAnnounced() throws Exception {
        Node backend = backend("web-1");

        backend.membership()
                .announce(new Announcement(1, null, List.of(application("bad name", 1), application("good", 1))));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(backend.told().troubles)
                        .singleElement()
                        .asString()
                        .contains("bad name is not announced"));
    }

    private CompletableFuture<Node> async(String name) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return loadBalancer(name);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
