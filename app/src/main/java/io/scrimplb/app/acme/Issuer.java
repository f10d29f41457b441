package io.scrimplb.app.acme;

import io.scrimplb.app.config.AcmeConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders what is due, as long as this load balancer is the one who does. For the service's thread only.
 */
final class Issuer {
    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);
    /** Orders at a time: an authority may take minutes for each, and need not see a hundred at once. */
    static final int AT_ONCE = 4;

    /** RFC 9773, 4.3.2: how often an authority is asked about renewals when it does not say, at least, and at most. */
    private static final Duration ASK = Duration.ofHours(6);

    private static final Duration ASK_LEAST = Duration.ofMinutes(1);
    private static final Duration ASK_MOST = Duration.ofDays(1);
    /** Time of an order: the hook twice (10 min), looking (2), getting ready and signing (2 each), and the requests between. */
    static final Duration LONGEST = DnsHook.LONGEST
            .multipliedBy(2)
            .plus(Proof.LOOKING)
            .plus(OrderRun.SIGNING.multipliedBy(2))
            .plusMinutes(4);

    private final Surroundings with;
    private final AcmeState state;
    private final Sharing sharing;
    private final Display display;
    private final ServiceThreads threads;
    private final OrderMetrics metrics;
    private final Map<String, RunningTask> running = new HashMap<>();
    private final Map<String, Instant> askAgain = new HashMap<>();
    private final OrderDesk desk;
    private @Nullable RunningTask asking;
    private boolean leads;
    private boolean closed;
    /** The state directory was written to; looked at before the first order. */
    private boolean stateWorks;

    Issuer(
            Surroundings with,
            AcmeState state,
            Sharing sharing,
            Display display,
            ServiceThreads threads,
            OrderMetrics metrics) {
        this.with = with;
        this.state = state;
        this.sharing = sharing;
        this.display = display;
        this.threads = threads;
        this.metrics = metrics;
        this.desk = new ServiceDesk(with, state, sharing, display, threads.turn(), this::keepLedger);
    }

    /** Begins what is due, or ends what is no longer ours to do. */
    void tick() {
        if (closed) {
            return;
        }
        Instant now = state.now();
        endThoseThatHang(now);
        Peers peers = state.peers();
        boolean leader = peers.leader(now).filter(peers.self()::equals).isPresent();
        if (leader != leads) {
            leads = leader;
            metrics.leads(leader);
            LOG.info(leader ? "this load balancer orders certificates" : "another load balancer orders certificates");
        }
        if (!leader) {
            // What stands at the authority is taken up again by whoever orders now.
            running.values().removeIf(RunningTask::stop);
            return;
        }
        if (!peers.expected(now).isEmpty()) {
            // Others may have what is about to be ordered.
            return;
        }
        Map<String, Instant> renewals = renewals();
        for (String host : Plan.due(state.wanted().hosts(), renewals, state.ledger(), running.keySet(), now)) {
            if (running.size() >= AT_ONCE) {
                break;
            }
            if (recordIsInUse(host)) {
                continue;
            }
            Optional<String> wrong =
                    stateWorks ? Optional.empty() : state.books().probe();
            stateWorks = wrong.isEmpty();
            if (wrong.isPresent()) {
                // What is ordered would be forgotten with this process, and be ordered anew by each of the next ones.
                failed(host, Failure.local(wrong.get()).forAll(), true);
                display.touched();
                break;
            }
            order(host);
        }
        ask(now);
    }

    /** Whatever holds them, a connection or a hook: the place is for others, and the order is taken up again. */
    private void endThoseThatHang(Instant now) {
        for (Map.Entry<String, RunningTask> entry : List.copyOf(running.entrySet())) {
            if (entry.getValue().exceeds(LONGEST, now)) {
                boolean counts = !entry.getValue().stopped();
                entry.getValue().stop();
                running.remove(entry.getKey());
                if (counts) {
                    String cause = "the order did not end within " + LONGEST.toMinutes() + " minutes";
                    failed(entry.getKey(), Failure.local(cause).forAll(), true);
                    display.touched();
                }
            }
        }
        if (asking != null && asking.exceeds(LONGEST, now)) {
            asking.stop();
            asking = null;
        }
    }

    /**
     * A wildcard and the name below which it stands are proved by one record, which the hook may know one value of, and takes
     * out as a whole: one after the other.
     */
    private boolean recordIsInUse(String host) {
        return with.settings().challenge() == AcmeConfig.Challenge.DNS_01
                && running.keySet().stream()
                        .anyMatch(other -> Proof.record(other).equals(Proof.record(host)));
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
                with,
                desk,
                host,
                state.ledger().name(host),
                state.orderKeys(),
                state.vault().certificate(host));
        running.put(host, new RunningTask(threads.pool(), state.now(), task -> run(host, run, task)));
    }

    private void run(String host, OrderRun run, RunningTask task) {
        try {
            IssuedCertificate certificate = run.run();
            // Whoever orders by now: a certificate that was signed is of use.
            threads.hand(() -> {
                running.remove(host, task);
                issued(certificate);
                display.touched();
            });
        } catch (OrderFailedException e) {
            threads.hand(() -> ended(host, task, () -> failed(host, e.failure(), e.orderLives())));
        } catch (InterruptedException e) {
            threads.hand(() -> ended(host, task, () -> {}));
        } catch (RuntimeException | Error e) {
            LOG.error("an order for {} ended by a fault; please report this", host, e);
            threads.hand(() ->
                    ended(host, task, () -> failed(host, Failure.local("a fault of this program: " + e), true)));
        }
    }

    private void ended(String host, RunningTask task, Runnable failed) {
        running.remove(host, task);
        if (!task.stopped()) {
            failed.run();
        }
        display.touched();
    }

    private void issued(IssuedCertificate certificate) {
        if (!state.take(certificate)) {
            failed(
                    certificate.host(),
                    Failure.authority("the authority signed one that is no newer than what is here"),
                    false);
            return;
        }
        state.ledger()
                .succeeded(
                        certificate.host(),
                        Duration.between(certificate.notBefore(), certificate.notAfter()),
                        state.now());
        askAgain.remove(certificate.host());
        // Before others hear that there is no need to order it.
        sharing.tell(certificate);
        keepLedger(certificate.host());
        metrics.order(OrderMetrics.ISSUED);
        LOG.info(
                "{} has a certificate of {}, valid until {}",
                certificate.host(),
                certificate.leaf().getIssuerX500Principal().getName(),
                certificate.notAfter());
    }

    private void failed(String host, Failure failure, boolean orderLives) {
        state.ledger()
                .failed(host, failure, orderLives, state.now(), with.random().nextDouble());
        keepLedger(host);
        metrics.order(failure.kind() == Failure.Kind.AUTHORITY ? OrderMetrics.FAILED : OrderMetrics.PUT_OFF);
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
        if (asking != null || state.account().isEmpty()) {
            return;
        }
        Account account = state.account().get();
        for (String host : state.wanted().hosts()) {
            Optional<IssuedCertificate> certificate = state.vault().certificate(host);
            if (certificate.isPresent()
                    && !askAgain.getOrDefault(host, Instant.EPOCH).isAfter(now)) {
                // Unless it says more, or hangs.
                askAgain.put(host, now.plus(ASK));
                asking = new RunningTask(threads.pool(), now, task -> ask(account, certificate.get(), task));
                return;
            }
        }
    }

    private void ask(Account account, IssuedCertificate certificate, RunningTask task) {
        Optional<Authority.Suggestion> suggestion = Optional.empty();
        try {
            suggestion = with.authority().suggestion(account, certificate);
        } catch (AcmeException | IOException | RuntimeException e) {
            LOG.debug("the authority says nothing about the renewal of {}: {}", certificate.host(), e.toString());
        }
        Optional<Authority.Suggestion> said = suggestion;
        threads.hand(() -> {
            if (!task.stopped()) {
                asking = null;
                suggested(certificate, said);
            }
        });
    }

    private void suggested(IssuedCertificate certificate, Optional<Authority.Suggestion> said) {
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

    /** Ends what runs, and begins nothing any more. What is signed by now is still taken. */
    void close() {
        closed = true;
        running.values().forEach(RunningTask::stop);
        if (asking != null) {
            asking.stop();
        }
    }
}
