package io.scrimplb.app.acme;

import io.scrimplb.app.acme.Preflight.Outcome;
import io.scrimplb.app.acme.Preflight.Reached;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.shredzone.acme4j.exception.AcmeException;

/** What the orders ask of the service's thread, where all state is. */
final class ServiceDesk implements OrderDesk {
    /** Time for all load balancers to show a challenge. */
    private static final Duration SHOWN = Duration.ofSeconds(10);
    /** Time for another load balancer to look at a name: more than it gives itself. */
    private static final Duration PROBED = Duration.ofSeconds(12);

    /** Time for the service's thread, which never blocks. */
    private static final Duration TURN = Duration.ofSeconds(30);

    private final AcmeSettings settings;
    private final AcmeState state;
    private final Sharing sharing;
    private final Authority authority;
    private final Lookout lookout;
    private final Clock clock;
    private final RandomGenerator random;
    private final ScheduledExecutorService turn;
    private final Runnable changed;
    private final Consumer<String> ledgerOf;
    private final Object accountLock = new Object();

    /**
     * @param turn the service's thread
     * @param changed called there when anything that is shown differs
     * @param ledgerOf keeps and tells what the ledger says of a host; called there
     */
    ServiceDesk(
            AcmeSettings settings,
            AcmeState state,
            Sharing sharing,
            Authority authority,
            Lookout lookout,
            Clock clock,
            RandomGenerator random,
            ScheduledExecutorService turn,
            Runnable changed,
            Consumer<String> ledgerOf) {
        this.settings = settings;
        this.state = state;
        this.sharing = sharing;
        this.authority = authority;
        this.lookout = lookout;
        this.clock = clock;
        this.random = random;
        this.turn = turn;
        this.changed = changed;
        this.ledgerOf = ledgerOf;
    }

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
        turn.execute(() -> {
            state.loseAccount(account);
            sharing.tellLost();
        });
    }

    @Override
    public void ordered(String host, String orderUrl) throws InterruptedException {
        onTurn(() -> {
            state.ledger().ordered(host, orderUrl, state.now());
            ledgerOf.accept(host);
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
                    : Optional.of(
                            sharing.probe(others.get(random.nextInt(others.size())), settings.httpPort(), challenge));
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
