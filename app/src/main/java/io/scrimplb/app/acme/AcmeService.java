package io.scrimplb.app.acme;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.certificates.CertificateEntry;
import io.scrimplb.app.certificates.CertificateOrigin;
import io.scrimplb.app.registry.Problem;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private static final long TICK_MILLIS = 250;
    /** Between two attempts to write what could not be written, and two looks for what can be forgotten. */
    private static final Duration TIDY = Duration.ofMinutes(1);

    private static final long POOL_IDLE_SECONDS = 30;
    /** Looks for others at names, at a time; each takes some seconds at most. */
    private static final int MAX_PROBES = 8;

    private final AcmeSettings settings;
    private final Clock clock;
    private final CertificateBoard board;
    private final Lookout lookout = new Lookout();
    private final AcmeState state;
    private final Sharing sharing;
    private final Issuer issuer;
    private final ScheduledThreadPoolExecutor thread;
    private final ThreadPoolExecutor pool;
    private final Instant created;
    private volatile Messenger messenger = (id, topic, content) -> {};
    private volatile List<String> expected = List.of("");
    private volatile List<Problem> problems = List.of();
    private volatile boolean ready;
    private volatile boolean leads;
    private Set<String> held = Set.of();
    private Set<InetAddress> clusterAddresses = Set.of();
    private Instant tidied = Instant.EPOCH;
    private int probing;

    private AcmeService(AcmeSettings settings, CertificateBoard board, MeterRegistry meters, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.board = board;
        this.created = clock.instant();
        this.state = new AcmeState(
                new StateDirectory(settings.state()).below("acme").below(settings.authorityName()), clock);
        // What comes after the end is of no use to anybody.
        this.thread = new ScheduledThreadPoolExecutor(
                1, task -> daemon(task, "scrimp-acme"), new ThreadPoolExecutor.DiscardPolicy());
        this.pool = new ThreadPoolExecutor(
                Issuer.AT_ONCE + 2,
                Issuer.AT_ONCE + 2,
                POOL_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "scrimp-acme-order"),
                new ThreadPoolExecutor.DiscardPolicy());
        pool.allowCoreThreadTimeOut(true);
        this.sharing = new Sharing(
                state,
                new PeerCodec(settings.authorityName()),
                this::ownAddresses,
                (id, text) -> messenger.tell(id, TOPIC, text),
                this::look);
        this.issuer = new Issuer(
                new Surroundings(settings, new Authority(settings), lookout, clock, new SplittableRandom()),
                state,
                sharing,
                thread,
                pool,
                this::refresh,
                result -> orders(meters, result));
        Gauge.builder(AcmeMetricNames.LEADS, this, service -> service.leads ? 1 : 0)
                .description("Whether this load balancer is the one that orders certificates.")
                .strongReference(true)
                .register(meters);
        List.of("issued", "failed", "put-off").forEach(result -> counter(meters, result));
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
        service.publish();
        service.thread.scheduleWithFixedDelay(
                () -> service.guarded(service::tick), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return service;
    }

    /** The cluster was entered: this is how others are reached. */
    public void connect(Messenger cluster) {
        messenger = cluster;
        hand(this::turn);
    }

    /** Who is in the cluster. */
    public void viewChanged(ClusterView view) {
        List<Member> loadBalancers = view.members().stream()
                .filter(member -> member.role() == Role.LOAD_BALANCER)
                .toList();
        hand(() -> {
            clusterAddresses = Set.of(view.self().address().getAddress());
            sharing.view(
                    loadBalancers.stream().map(Member::id).toList(), view.self().id());
            turn();
        });
    }

    /** Another load balancer told something. */
    public void noted(Member from, String topic, String content) {
        if (topic.equals(TOPIC)) {
            hand(() -> {
                if (sharing.received(from.id(), content)) {
                    refresh();
                }
                turn();
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
        hand(() -> {
            held = now;
            want();
            turn();
        });
    }

    private void want() {
        Wanted wanted = Wanted.of(
                held,
                fileHosts(),
                state.vault().valid(state.now()),
                settings.dnsHook().isPresent(),
                settings.ownAuthority());
        if (!wanted.equals(state.wanted())) {
            state.wanted(wanted);
            publish();
        }
    }

    /** What the proxy shows to authorities now. */
    public void applied(Collection<ChallengeSpec> challenges) {
        List<ChallengeSpec> now = List.copyOf(challenges);
        hand(() -> {
            state.challenges().inForce(now);
            turn();
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
        return problems;
    }

    private void tick() {
        Instant now = state.now();
        if (!now.isBefore(tidied.plus(TIDY))) {
            tidied = now;
            // The operator's files may have changed meanwhile.
            want();
            state.saveAgain();
            state.ledger().tidy(state.wanted().hosts(), now);
            sharing.tidy();
            state.vault().tidy(state.wanted().hosts(), now);
            // Files came or went, or something ended: what is shown may be another.
            publish();
        }
        state.saveLedger();
        sharing.tick();
        turn();
    }

    /** After every event: what follows from it. */
    private void turn() {
        sharing.confirm();
        issuer.tick();
        leads = issuer.leads();
        boolean viewed = !state.peers().self().isEmpty();
        expected = viewed ? state.peers().expected(state.now()) : List.of("");
        List<String> wrong = new ArrayList<>();
        state.vault().diskProblem().ifPresent(wrong::add);
        state.books().problem().ifPresent(wrong::add);
        List<String> silent = state.peers().silent(state.now());
        if (!silent.isEmpty()) {
            wrong.add(silent.size() + " load balancers, such as " + silent.get(0)
                    + ", do not take part in automatic certificates: they need the same 'acme' in their configuration");
        }
        List<Problem> before = problems;
        problems = wrong.stream()
                .map(message -> before.stream()
                        .filter(known -> known.message().equals(message))
                        .findFirst()
                        .orElseGet(() -> new Problem("acme", message, state.now())))
                .toList();
    }

    /** A certificate may have come that others are left off for. */
    private void refresh() {
        want();
        publish();
    }

    private void publish() {
        List<CertificateEntry> entries = new ArrayList<>();
        Set<String> files = new HashSet<>(fileHosts());
        Set<String> having = state.vault().valid(state.now());
        Set<String> shown = new HashSet<>();
        for (IssuedCertificate certificate : state.vault().all()) {
            String host = certificate.host();
            boolean wanted = state.wanted().hosts().contains(host);
            if (!Shown.shows(host, wanted, files, having)) {
                continue;
            }
            shown.add(host);
            entries.add(new CertificateEntry(
                    host, Optional.of(certificate.spec()), wanted ? cause(host) : Optional.empty()));
        }
        for (String host : state.wanted().hosts()) {
            if (!shown.contains(host)) {
                entries.add(CertificateEntry.missing(host, cause(host).orElse("is being ordered")));
            }
        }
        state.wanted().refused().forEach((host, why) -> {
            if (!shown.contains(host)) {
                entries.add(CertificateEntry.missing(host, why));
            }
        });
        board.replace(CertificateOrigin.ACME, entries);
        board.challenges(state.challenges().specs());
    }

    /** Names of the certificates in the operator's own files that are valid now. */
    private List<String> fileHosts() {
        Instant now = clock.instant();
        return board.status().stream()
                .filter(status -> status.origin() == CertificateOrigin.FILE)
                .filter(status -> status.notAfter() != null && now.isBefore(status.notAfter()))
                .flatMap(status -> status.hosts().stream())
                .toList();
    }

    private Optional<String> cause(String host) {
        NameRecord record = state.ledger().name(host);
        return record.cause().isEmpty()
                ? Optional.empty()
                : Optional.of("could not be ordered: " + record.cause() + "; tried again at "
                        + state.ledger().nextAttempt(host, state.now()));
    }

    private Set<InetAddress> ownAddresses() {
        Set<InetAddress> own = new HashSet<>(Lookout.ownAddresses());
        own.addAll(clusterAddresses);
        return own;
    }

    private void look(PeerMessage.Probe probe, Consumer<Preflight.Reached> answer) {
        if (probing >= MAX_PROBES) {
            answer.accept(new Preflight.Reached(Preflight.Outcome.UNKNOWN, "too many at a time"));
            return;
        }
        probing++;
        pool.execute(() -> {
            Preflight.Reached reached = new Preflight.Reached(Preflight.Outcome.UNKNOWN, "interrupted");
            try {
                reached = lookout.fetch(probe.challenge(), probe.port());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                Preflight.Reached came = reached;
                hand(() -> {
                    probing--;
                    answer.accept(came);
                });
            }
        });
    }

    private void hand(Runnable task) {
        thread.execute(() -> guarded(task));
    }

    /** A fault in one event must not keep others from being worked off. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("an event of the automatic certificates failed; please report this", e);
        }
    }

    private static void orders(MeterRegistry meters, String result) {
        counter(meters, result).increment();
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder(AcmeMetricNames.ORDERS)
                .description("Orders for certificates that ended here.")
                .tag("result", result)
                .register(meters);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread created = new Thread(task, name);
        created.setDaemon(true);
        return created;
    }

    /** Orders that are under way are left to the next load balancer, or the next start. Idempotent. */
    @Override
    public void close() {
        hand(() -> {
            issuer.close();
            state.saveLedger();
        });
        thread.shutdown();
        pool.shutdownNow();
        try {
            thread.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
