package io.scrimplb.app.acme;

import io.micrometer.core.instrument.MeterRegistry;
import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.registry.Problem;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Automatic certificates on one load balancer. Events come from any thread, are worked off on one of its own, and never block
 * the caller.
 */
public final class AcmeService implements AutoCloseable {
    /** What notes between load balancers about certificates are called. */
    public static final String TOPIC = "acme";

    /** How a note reaches another load balancer; must not block. */
    public interface Messenger {
        void tell(String loadBalancerId, String topic, String content);
    }

    private static final Logger LOG = LoggerFactory.getLogger(AcmeService.class);
    private static final Duration TICK = Duration.ofMillis(250);
    /** Between two attempts to write what could not be written, and two looks for what can be forgotten. */
    private static final Duration TIDY = Duration.ofMinutes(1);

    private final Clock clock;
    private final AcmeState state;
    private final Display display;
    private final Sharing sharing;
    private final Issuer issuer;
    private final Concerns concerns = new Concerns();
    /** Orders, one question about a renewal, and one look for another load balancer. */
    private final ServiceThreads threads = new ServiceThreads(Issuer.AT_ONCE + 2);

    private final Instant created;
    private volatile Messenger messenger = (id, topic, content) -> {};
    private volatile List<String> expected = List.of("");
    private volatile boolean ready;
    private Set<InetAddress> clusterAddresses = Set.of();
    private Instant tidied = Instant.EPOCH;

    private AcmeService(AcmeSettings settings, CertificateBoard board, MeterRegistry meters, Clock clock) {
        this.clock = clock;
        this.created = clock.instant();
        this.state = new AcmeState(
                new StateDirectory(settings.state())
                        .below("acme")
                        .below(settings.authorityName())
                        .forThisProcessAlone(),
                clock);
        this.display = new Display(board, state, settings);
        Lookout lookout = new Lookout();
        this.sharing = new Sharing(
                state,
                new PeerCodec(settings.authorityName()),
                this::ownAddresses,
                (id, text) -> messenger.tell(id, TOPIC, text),
                new ProbeDesk(lookout, threads));
        this.issuer = new Issuer(
                new Surroundings(settings, new Authority(settings), lookout, clock, new SplittableRandom()),
                state,
                sharing,
                display,
                threads,
                new OrderMetrics(meters));
    }

    /**
     * Reads what is on disk, shows it, and starts.
     *
     * @param board where certificates and challenges are pinned: before this returns, and on a thread of the service later
     */
    public static AcmeService start(AcmeSettings settings, CertificateBoard board, MeterRegistry meters, Clock clock) {
        AcmeService service = new AcmeService(settings, board, meters, clock);
        List<String> wrong = service.state.vault().load();
        wrong.forEach(problem -> LOG.warn("{}", problem));
        service.state.load();
        // Whether it can be kept here at all is better known before anything comes.
        service.state.books().probe();
        service.display.refresh();
        service.threads.every(TICK, service::tick);
        return service;
    }

    /** The cluster was entered: this is how others are reached. */
    public void connect(Messenger cluster) {
        messenger = cluster;
    }

    /** Who is in the cluster. */
    public void viewChanged(ClusterView view) {
        List<Member> loadBalancers = view.members().stream()
                .filter(member -> member.role() == Role.LOAD_BALANCER)
                .toList();
        threads.hand(() -> {
            clusterAddresses = Set.of(view.self().address().getAddress());
            sharing.view(
                    loadBalancers.stream().map(Member::id).toList(), view.self().id());
            settle();
        });
    }

    /** Another load balancer told something. */
    public void noted(Member from, String topic, String content) {
        if (topic.equals(TOPIC)) {
            threads.hand(() -> {
                if (sharing.received(from.id(), content)) {
                    display.touched();
                    display.challenges();
                }
                settle();
            });
        }
    }

    /**
     * For which hosts connections are decrypted here.
     *
     * @param hosts that applications hold at TLS listeners, in lower case: the only permission to order
     */
    public void held(Set<String> hosts) {
        Set<String> now = Set.copyOf(hosts);
        threads.hand(() -> display.held(now));
    }

    /** What the proxy shows to authorities now. */
    public void applied(Collection<ChallengeSpec> challenges) {
        List<ChallengeSpec> now = List.copyOf(challenges);
        threads.hand(() -> {
            state.challenges().inForce(now);
            sharing.settle();
            settle();
        });
    }

    /**
     * Why this load balancer should not be sent clients yet, as far as it is a matter of certificates; empty when it may be.
     * That is so once all other load balancers have told what they have, and after ten seconds whatever they told.
     */
    public List<String> notReady() {
        if (ready) {
            return List.of();
        }
        if (expected.isEmpty() || !clock.instant().isBefore(created.plus(Peers.PATIENCE))) {
            ready = true;
            return List.of();
        }
        return List.of("certificates are still being fetched from the other load balancers");
    }

    /** What an operator should mend, beyond what stands with each certificate. */
    public List<Problem> problems() {
        return concerns.problems();
    }

    private void tick() {
        Instant now = state.now();
        if (!now.isBefore(tidied.plus(TIDY))) {
            tidied = now;
            state.saveAgain();
            state.tidy();
            // The operator's files may have changed meanwhile, or something ended.
            display.touched();
        }
        state.saveLedger();
        sharing.tick();
        display.refreshIfStale();
        issuer.tick();
        concerns.update(state);
        settle();
    }

    /** After every event: who is ready shows what came. */
    private void settle() {
        boolean viewed = !state.peers().self().isEmpty();
        List<String> now = viewed ? state.peers().expected(state.now()) : List.of("");
        if (now.isEmpty() && !expected.isEmpty()) {
            display.refreshIfStale();
        }
        expected = now;
    }

    private Set<InetAddress> ownAddresses() {
        Set<InetAddress> own = new HashSet<>(Lookout.ownAddresses());
        own.addAll(clusterAddresses);
        return own;
    }

    /** Orders that are under way are left to the next load balancer, or the next start. Idempotent. */
    @Override
    public void close() {
        threads.close(issuer::close, () -> {
            state.saveLedger();
            state.close();
        });
    }
}
