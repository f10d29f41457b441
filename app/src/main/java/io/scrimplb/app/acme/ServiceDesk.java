package io.scrimplb.app.acme;

import io.scrimplb.app.acme.Preflight.Outcome;
import io.scrimplb.app.acme.Preflight.Reached;
import io.scrimplb.app.certificates.EcKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
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
import org.shredzone.acme4j.exception.AcmeException;

/** What the orders ask of the service's thread, where all state is. */
final class ServiceDesk implements OrderDesk {
    /** Time for all load balancers to show a challenge. */
    private static final Duration SHOWN = Duration.ofSeconds(10);
    /** Time for another load balancer to look at a name: more than it gives itself. */
    private static final Duration PROBED = Duration.ofSeconds(12);

    /** Time for the service's thread, which never blocks. */
    private static final Duration TURN = Duration.ofSeconds(30);

    private final Surroundings with;
    private final AcmeState state;
    private final Sharing sharing;
    private final Display display;
    private final ScheduledExecutorService turn;
    private final Consumer<String> ledgerOf;
    private final Object accountLock = new Object();

    /**
     * @param turn the service's thread
     * @param ledgerOf keeps and tells what the ledger says of a host; called there
     */
    ServiceDesk(
            Surroundings with,
            AcmeState state,
            Sharing sharing,
            Display display,
            ScheduledExecutorService turn,
            Consumer<String> ledgerOf) {
        this.with = with;
        this.state = state;
        this.sharing = sharing;
        this.display = display;
        this.turn = turn;
        this.ledgerOf = ledgerOf;
    }

    @Override
    public Account account() throws AcmeException, IOException, InterruptedException {
        synchronized (accountLock) {
            Optional<Account> known = onTurn(state::account);
            if (known.isPresent()) {
                return known.get();
            }
            Account made =
                    with.authority().create(EcKeys.generate(), with.clock().instant());
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
        // Ends as cancelled whatever happens, an interrupt while it is being asked for included: nobody waits for it
        // then.
        CompletableFuture<Void> shown = new CompletableFuture<>();
        try {
            long revision = onTurn(() -> {
                long added = state.challenges().add(challenge);
                sharing.tellChallenges();
                display.challenges();
                sharing.quorum().await(challenge, added, shown);
                return added;
            });
            try {
                shown.get(SHOWN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                String who = onTurn(() -> sharing.quorum().missing(challenge, revision));
                throw new OrderFailedException(
                        Failure.local(who + " did not show the challenge within " + SHOWN.toSeconds() + " s"), true);
            }
        } finally {
            shown.cancel(false);
        }
    }

    @Override
    public void withdraw(Challenge challenge) {
        turn.execute(() -> {
            state.challenges().remove(challenge);
            sharing.tellChallenges();
            display.challenges();
        });
    }

    @Override
    public Set<InetAddress> addresses() throws InterruptedException {
        return onTurn(sharing::addresses);
    }

    @Override
    public Reached reached(Challenge.Http challenge) throws InterruptedException {
        int port = with.settings().httpPort();
        CompletableFuture<Reached> answer = new CompletableFuture<>();
        try {
            boolean alone = onTurn(() -> {
                List<String> others = List.copyOf(state.peers().taking().keySet());
                if (!others.isEmpty()) {
                    sharing.probe(others.get(with.random().nextInt(others.size())), port, challenge, answer);
                }
                return others.isEmpty();
            });
            return alone ? with.lookout().fetch(challenge, port) : answer.get(PROBED.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return new Reached(Outcome.UNKNOWN, "no load balancer looked");
        } finally {
            answer.cancel(false);
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
