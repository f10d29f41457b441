package io.scrimplb.app.control;

import static io.scrimplb.app.registry.TestCluster.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.app.registry.MemberChange;
import io.scrimplb.app.registry.Problem;
import io.scrimplb.app.registry.Registry;
import io.scrimplb.app.registry.RegistryPolicy;
import io.scrimplb.app.registry.TestCluster;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ControlLoopTest {
    private static final Member SELF =
            new Member("00000000", "lb", Role.LOAD_BALANCER, new InetSocketAddress("10.0.0.1", 9999));

    private final List<ProxySpec> applied = new CopyOnWriteArrayList<>();
    private final List<MemberChange> changes = new CopyOnWriteArrayList<>();
    private final ControlListener listener = new ControlListener() {
        @Override
        public void memberChanged(MemberChange change) {
            changes.add(change);
        }
    };
    private ControlLoop loop;

    private ControlLoop start(SpecApplier applier, Duration swapInterval, Duration retryInterval) {
        Registry registry = new Registry(TestCluster.policy(List.of()), Clock.systemUTC(), TestCluster.NO_CERTIFICATES);
        loop = new ControlLoop(
                registry, applier, listener, new ControlTiming(swapInterval, retryInterval), Clock.systemUTC());
        loop.start(List.of(), TestCluster.NO_CERTIFICATES);
        return loop;
    }

    private List<SpecProblem> record(ProxySpec spec) {
        applied.add(spec);
        return List.of();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private static Member backend(int number) {
        return new Member(
                String.format("%08x", number),
                "web" + number,
                Role.BACKEND,
                new InetSocketAddress("10.1.0." + number, 9999));
    }

    private static ClusterView view(Member... others) {
        List<Member> members = new ArrayList<>(List.of(SELF));
        members.addAll(List.of(others));
        return new ClusterView(SELF, members, Set.of());
    }

    private static Announcement announcement(long revision, Application... applications) {
        return new Announcement(revision, null, List.of(applications));
    }

    private ProxySpec last() {
        return applied.get(applied.size() - 1);
    }

    @Test
    void theFirstSpecIsInForceWhenStartReturns() {
        start(this::record, Duration.ofMillis(20), Duration.ofSeconds(5));
        assertThat(applied).hasSize(1);
        assertThat(loop.status().revision()).isEqualTo(1);
        assertThat(loop.status().listeners())
                .containsExactly(new ListenerStatus("8080", "127.0.0.1:8080", "http", true));
    }

    @Test
    void anAnnouncedApplicationIsAppliedAndShown() {
        start(this::record, Duration.ofMillis(20), Duration.ofSeconds(5));
        loop.viewChanged(view(backend(1)));
        loop.announced(backend(1), announcement(1, http("blog")), Claims.UNLIMITED);
        await().until(() -> last().routes().size() == 1);
        await().until(() -> loop.status().registry().applications().size() == 1);
        assertThat(changes).extracting(MemberChange::role).containsExactly(Role.LOAD_BALANCER, Role.BACKEND);
    }

    @Test
    void aBurstOfJoinsIsAFewSwaps() {
        start(this::record, Duration.ofSeconds(1), Duration.ofSeconds(5));
        Member[] members = new Member[100];
        for (int i = 0; i < members.length; i++) {
            members[i] = backend(i + 1);
            Member[] present = new Member[i + 1];
            System.arraycopy(members, 0, present, 0, i + 1);
            loop.viewChanged(view(present));
            loop.announced(members[i], announcement(1, http("blog")), Claims.UNLIMITED);
        }
        await().until(() -> !last().upstreams().isEmpty()
                && last().upstreams().get(0).endpoints().size() == 100);
        assertThat(applied).hasSizeLessThan(6);
    }

    @Test
    void aPortThatCouldNotBeBoundIsTriedAgainAndShownUntilItIs() {
        CountDownLatch freed = new CountDownLatch(1);
        start(
                spec -> {
                    applied.add(spec);
                    return freed.getCount() == 0
                            ? List.of()
                            : List.of(new SpecProblem("listener 8080", "port 8080 is taken", true));
                },
                Duration.ZERO,
                Duration.ofMillis(50));
        assertThat(loop.status().problems()).extracting(Problem::message).containsExactly("port 8080 is taken");
        assertThat(loop.status().listeners()).extracting(ListenerStatus::bound).containsExactly(false);
        await().until(() -> applied.size() >= 3);
        freed.countDown();
        await().until(() -> loop.status().problems().isEmpty());
        assertThat(loop.status().listeners()).extracting(ListenerStatus::bound).containsExactly(true);
    }

    @Test
    void aSwapThatFailsIsTriedAgainAndTheLoopLivesOn() {
        AtomicInteger calls = new AtomicInteger();
        start(
                spec -> {
                    if (calls.incrementAndGet() == 2) {
                        throw new IllegalStateException("the proxy has a bad day (this stack trace is part of a test)");
                    }
                    return record(spec);
                },
                Duration.ZERO,
                Duration.ofMillis(50));
        loop.viewChanged(view(backend(1)));
        loop.announced(backend(1), announcement(1, http("blog")), Claims.UNLIMITED);
        await().until(() -> last().routes().size() == 1);
    }

    @Test
    void whileTheControlThreadIsBusyAMembersAnnouncementsCollapseIntoTheLatest() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        start(
                spec -> {
                    if (calls.incrementAndGet() == 2) {
                        entered.countDown();
                        awaitQuietly(release);
                    }
                    return record(spec);
                },
                Duration.ZERO,
                Duration.ofSeconds(5));
        loop.viewChanged(view(backend(1)));
        loop.announced(backend(1), announcement(1, http("app1")), Claims.UNLIMITED);
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        for (int revision = 2; revision <= 10_000; revision++) {
            loop.announced(backend(1), announcement(revision, http("app" + revision)), Claims.UNLIMITED);
        }
        release.countDown();
        await().until(() ->
                last().routes().stream().anyMatch(route -> route.upstream().equals("app10000")));
        assertThat(applied).hasSizeLessThan(6);
    }

    @Test
    void theStatusSaysWhenEveryBackendHasTold() {
        start(this::record, Duration.ZERO, Duration.ofSeconds(5));
        assertThat(loop.status().settled()).isFalse();
        loop.viewChanged(view(backend(1)));
        await().until(() -> loop.status().registry().members().size() == 2);
        assertThat(loop.status().settled()).isFalse();
        loop.announced(backend(1), announcement(1), Claims.UNLIMITED);
        await().until(() -> loop.status().settled());
    }

    @Test
    void aTargetThatIsForbiddenLaterIsTakenOut() {
        start(this::record, Duration.ZERO, Duration.ofSeconds(5));
        loop.viewChanged(view(backend(1)));
        loop.announced(backend(1), announcement(1, http("blog")), Claims.UNLIMITED);
        await().until(() -> last().upstreams().size() == 1);
        RegistryPolicy plain = TestCluster.policy(List.of());
        loop.policy(new RegistryPolicy(
                plain.claims(),
                plain.retention(),
                plain.forwarding(),
                Set.of(new InetSocketAddress("10.1.0.1", 3000))));
        await().until(() -> last().upstreams().get(0).endpoints().isEmpty());
    }

    @Test
    void aTroubleOfTheClusterIsShown() {
        start(this::record, Duration.ofMillis(20), Duration.ofSeconds(5));
        loop.troubled("the seed 10.0.0.9:9999 does not answer");
        await().until(() -> loop.status().problems().stream()
                .anyMatch(problem -> problem.message().contains("10.0.0.9")));
    }

    @Test
    void aClosedLoopAppliesNothingMore() {
        start(this::record, Duration.ZERO, Duration.ofMillis(20));
        loop.close();
        int before = applied.size();
        loop.viewChanged(view(backend(1)));
        loop.announced(backend(1), announcement(1, http("blog")), Claims.UNLIMITED);
        loop.close();
        assertThat(applied).hasSize(before);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
