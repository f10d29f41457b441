package io.scrimplb.app.acme;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that this load balancer knows about certificates. For one thread only. */
final class AcmeState {
    private final Clock clock;
    private final Books books;
    private final Vault vault;
    private final Ledger ledger = new Ledger();
    private final ChallengeBoard challenges;
    private final Peers peers = new Peers();
    private @Nullable Account account;
    private Wanted wanted = Wanted.NONE;
    private boolean ledgerChanged;

    AcmeState(StateDirectory directory, Clock clock) {
        this.clock = clock;
        this.books = new Books(directory);
        this.vault = new Vault(new CertificateStore(directory.below("certificates")));
        this.challenges = new ChallengeBoard(clock);
    }

    Vault vault() {
        return vault;
    }

    Ledger ledger() {
        return ledger;
    }

    Books books() {
        return books;
    }

    ChallengeBoard challenges() {
        return challenges;
    }

    Peers peers() {
        return peers;
    }

    Wanted wanted() {
        return wanted;
    }

    void wanted(Wanted now) {
        wanted = now;
    }

    Optional<Account> account() {
        return Optional.ofNullable(account);
    }

    void load() {
        account = books.account().orElse(null);
        books.readInto(ledger, now());
    }

    /**
     * Takes an account when there is none, or an older one than what is here.
     *
     * @return whether it was taken
     */
    boolean takeAccount(Account candidate) {
        if (account != null && Account.BETTER.compare(candidate, account) <= 0) {
            return false;
        }
        account = candidate;
        books.write(candidate);
        return true;
    }

    /** Forgets an account that the authority does not know any more. */
    void loseAccount(Account lost) {
        if (account != null
                && account.location().toString().equals(lost.location().toString())) {
            account = null;
            books.forgetAccount();
        }
    }

    /** The ledger differs from what is on disk. */
    void ledgerChanged() {
        ledgerChanged = true;
    }

    void saveLedger() {
        if (ledgerChanged) {
            ledgerChanged = false;
            books.write(ledger);
        }
    }

    /** What of the ledger is about one host. */
    LedgerJson.Part part(String host) {
        return new LedgerJson.Part(Map.of(host, ledger.name(host)), ledger.orders());
    }

    Instant now() {
        return clock.instant();
    }
}
