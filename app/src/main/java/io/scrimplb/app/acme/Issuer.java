package io.scrimplb.app.acme;

import io.scrimplb.app.acme.Preflight.Outcome;
import io.scrimplb.app.acme.Preflight.Reached;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders what is due, as long as this load balancer is the one who does. Its methods are for the service's thread, those of the
 * desk for the threads of the orders.
 */
final class Issuer {
    /** What was done, for metrics. */
    interface Tally {
        void order(String result);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);
    /** Orders at a time: an authority may take minutes for each, and need not see a hundred at once. */
    static final int AT_ONCE = 4;
    /** Time for all load balancers to show a challenge. */
    private static final Duration SHOWN = Duration.ofSeconds(10);
    /** Time for another load balancer to look at a name: more than it gives itself. */
    private static final Duration PROBED = Duration.ofSeconds(12);
    /** Time for the service's thread, which never blocks. */
    private static final Duration TURN = Duration.ofSeconds(30);

    /** RFC 9773, 4.3.2: how often an authority is asked about renewals when it does not say, at least, and at most. */
    private static final Duration ASK = Duration.ofHours(6);

    private static final Duration ASK_LEAST = Duration.ofMinutes(1);
    private static final Duration ASK_MOST = Duration.ofDays(1);

    private final AcmeSettings settings;
    private final AcmeState state;
    private final Sharing sharing;
    private final Authority authority;
    private final Lookout lookout;
    private final Clock clock;
    private final RandomGenerator random;
    private final ScheduledExecutorService turn;
    private final ExecutorService pool;
    private final Runnable changed;
    private final Tally tally;
    private final Map<String, Future<?>> running = new HashMap<>();
    private final Map<String, Instant> askAgain = new HashMap<>();
    private final OrderDesk desk = new Desk();
    private final Object accountLock = new Object();
    private boolean asking;
    private boolean leads;

    /**
     * @param turn the service's thread
     * @param pool for what blocks
     * @param changed called on the service's thread when anything that is shown differs
     */
    Issuer(
            AcmeSettings settings,
            AcmeState state,
            Sharing sharing,
            Clock clock,
            RandomGenerator random,
            ScheduledExecutorService turn,
            ExecutorService pool,
            Runnable changed,
            Tally tally) {
        this.settings = settings;
        this.state = state;
        this.sharing = sharing;
        this.authority = new Authority(settings);
        this.lookout = new Lookout();
        this.clock = clock;
        this.random = random;
        this.turn = turn;
        this.pool = pool;
        this.changed = changed;
        this.tally = tally;
    }

    /** Whether this load balancer is the one who orders. */
    boolean leads() {
        return leads;
    }

    /** Begins what is due, or ends what is no longer ours to do. */
    void tick() {
        Instant now = state.now();
        Peers peers = state.peers();
        boolean leader = peers.leader(now).filter(peers.self()::equals).isPresent();
        if (leader != leads) {
            leads = leader;
            LOG.info(leader ? "this load balancer orders certificates" : "another load balancer orders certificates");
        }
        if (!leader) {
            // What stands at the authority is taken up again by whoever orders now.
            running.values().forEach(order -> order.cancel(true));
            return;
        }
        if (!peers.expected(now).isEmpty()) {
            // Others may have what is about to be ordered.
            return;
        }
        Map<String, Instant> renewals = renewals();
        Plan plan = Plan.of(state.wanted().hosts(), renewals, state.ledger(), running.keySet(), now);
        for (String host : plan.due()) {
            if (running.size() >= AT_ONCE) {
                break;
            }
            order(host);
        }
        ask(now);
    }

    /** When the certificates that are here are to be renewed. */
    Map<String, Instant> renewals() {
        Map<String, Instant> renewals = new HashMap<>();
        for (IssuedCertificate certificate : state.vault().all()) {
            renewals.put(
                    certificate.host(),
                    RenewalTime.of(
                            certificate.notBefore(),
                            certificate.notAfter(),
                            state.ledger().name(certificate.host()).window(),
                            certificate.chance()));
        }
        return renewals;
    }

    private void order(String host) {
        OrderRun run = new OrderRun(
                settings,
                authority,
                desk,
                lookout,
                clock,
                host,
                state.ledger().name(host),
                state.vault().certificate(host));
        running.put(host, pool.submit(() -> run(host, run)));
    }

    private void run(String host, OrderRun run) {
        try {
            IssuedCertificate certificate = run.run();
            turn.execute(() -> ended(host, () -> issued(certificate)));
        } catch (OrderFailedException e) {
            turn.execute(() -> ended(host, () -> failed(host, e.failure(), e.orderLives())));
        } catch (InterruptedException e) {
            turn.execute(() -> ended(host, () -> {}));
        } catch (RuntimeException | Error e) {
            LOG.error("an order for {} ended by a fault; please report this", host, e);
            turn.execute(() -> ended(host, () -> failed(host, Failure.local("a fault of this program: " + e), true)));
        }
    }

    private void ended(String host, Runnable what) {
        running.remove(host);
        what.run();
        changed.run();
    }

    private void issued(IssuedCertificate certificate) {
        state.vault().take(certificate);
        state.ledger().succeeded(certificate.host(), state.now());
        askAgain.remove(certificate.host());
        keepLedger(certificate.host());
        sharing.tell(certificate);
        tally.order("issued");
        LOG.info(
                "{} has a certificate of {}, valid until {}",
                certificate.host(),
                certificate.leaf().getIssuerX500Principal().getName(),
                certificate.notAfter());
    }

    private void failed(String host, Failure failure, boolean orderLives) {
        state.ledger().failed(host, failure, orderLives, state.now(), random.nextDouble());
        keepLedger(host);
        tally.order(failure.kind() == Failure.Kind.AUTHORITY ? "failed" : "put-off");
        LOG.warn(
                "no {} certificate for {}: {}; next attempt at {}",
                state.vault().certificate(host).isPresent() ? "new" : "trusted",
                host,
                failure.cause(),
                state.ledger().nextAttempt(host, state.now()));
    }

    private void keepLedger(String host) {
        state.ledgerChanged();
        state.saveLedger();
        sharing.tellLedgerOf(host);
    }

    /** Asks the authority about the renewal of one certificate for which it is time. */
    private void ask(Instant now) {
        if (asking || state.account().isEmpty()) {
            return;
        }
        Account account = state.account().get();
        for (String host : state.wanted().hosts()) {
            Optional<IssuedCertificate> certificate = state.vault().certificate(host);
            if (certificate.isPresent()
                    && !askAgain.getOrDefault(host, Instant.EPOCH).isAfter(now)) {
                asking = true;
                pool.execute(() -> ask(account, certificate.get()));
                return;
            }
        }
    }

    private void ask(Account account, IssuedCertificate certificate) {
        Optional<Authority.Suggestion> suggestion = Optional.empty();
        try {
            suggestion = authority.suggestion(account, certificate);
        } catch (AcmeException | IOException | RuntimeException e) {
            LOG.debug("the authority says nothing about the renewal of {}: {}", certificate.host(), e.toString());
        }
        Optional<Authority.Suggestion> said = suggestion;
        turn.execute(() -> suggested(certificate, said));
    }

    private void suggested(IssuedCertificate certificate, Optional<Authority.Suggestion> said) {
        asking = false;
        Instant now = state.now();
        Instant again = said.flatMap(Authority.Suggestion::again).orElse(now.plus(ASK));
        Instant least = now.plus(ASK_LEAST);
        Instant most = now.plus(ASK_MOST);
        askAgain.put(certificate.host(), again.isBefore(least) ? least : again.isAfter(most) ? most : again);
        Optional<RenewalTime.Window> window = said.map(Authority.Suggestion::window);
        boolean current = state.vault()
                .certificate(certificate.host())
                .filter(certificate::equals)
                .isPresent();
        if (current
                && window.isPresent()
                && !window.equals(state.ledger().name(certificate.host()).window())) {
            state.ledger().suggested(certificate.host(), window.get(), now);
            keepLedger(certificate.host());
        }
    }

    void close() {
        running.values().forEach(order -> order.cancel(true));
    }

    /** What the orders ask of the service's thread. */
    private final class Desk implements OrderDesk {
        @Override
        public Account account() throws AcmeException, IOException, InterruptedException {
            synchronized (accountLock) {
                Optional<Account> known = onTurn(state::account);
                if (known.isPresent()) {
                    return known.get();
                }
                Account made = authority.create(EcKeys.generate(), clock.instant());
                return onTurn(() -> {
                    if (state.takeAccount(made)) {
                        sharing.tell(made);
                    }
                    return state.account().orElse(made);
                });
            }
        }

        @Override
        public void accountLost(Account account) {
            turn.execute(() -> state.loseAccount(account));
        }

        @Override
        public void ordered(String host, String orderUrl) throws InterruptedException {
            onTurn(() -> {
                state.ledger().ordered(host, orderUrl, state.now());
                keepLedger(host);
                return host;
            });
        }

        @Override
        public void present(Challenge challenge) throws OrderFailedException, InterruptedException {
            long[] revision = new long[1];
            CompletableFuture<Void> shown = onTurn(() -> {
                revision[0] = state.challenges().add(challenge);
                sharing.tellChallenges();
                changed.run();
                return sharing.shown(challenge, revision[0]);
            });
            try {
                shown.get(SHOWN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                shown.cancel(false);
                String who = onTurn(() -> sharing.missing(challenge, revision[0]));
                throw new OrderFailedException(
                        Failure.local(who + " did not show the challenge within " + SHOWN.toSeconds() + " s"), true);
            }
        }

        @Override
        public void withdraw(Challenge challenge) {
            turn.execute(() -> {
                state.challenges().remove(challenge);
                sharing.tellChallenges();
                changed.run();
            });
        }

        @Override
        public Set<InetAddress> addresses() throws InterruptedException {
            Set<InetAddress> own = new HashSet<>(Lookout.ownAddresses());
            own.addAll(onTurn(() -> Set.copyOf(state.peers().addresses())));
            return own;
        }

        @Override
        public Reached reached(Challenge.Http challenge) throws InterruptedException {
            Optional<CompletableFuture<Reached>> answer = onTurn(() -> {
                List<String> others = List.copyOf(state.peers().taking().keySet());
                return others.isEmpty()
                        ? Optional.empty()
                        : Optional.of(sharing.probe(
                                others.get(random.nextInt(others.size())), settings.httpPort(), challenge));
            });
            if (answer.isEmpty()) {
                return lookout.fetch(challenge, settings.httpPort());
            }
            try {
                return answer.get().get(PROBED.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                answer.get().cancel(false);
                return new Reached(Outcome.UNKNOWN, "no load balancer looked");
            }
        }

        private <T> T onTurn(Callable<T> task) throws InterruptedException {
            try {
                return turn.submit(task).get(TURN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new IllegalStateException("the thread of the certificates is stuck", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a step of an order failed", e.getCause());
            }
        }
    }
}
