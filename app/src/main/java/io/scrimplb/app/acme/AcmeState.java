package io.scrimplb.app.acme;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that this load balancer knows about certificates. For one thread only. */
final class AcmeState {
    private final Clock clock;
    private final StateDirectory directory;
    private final Books books;
    private final Vault vault;
    private final Ledger ledger = new Ledger();
    private final OrderKeys orderKeys = new OrderKeys();
    private final ChallengeBoard challenges;
    private final Peers peers = new Peers();
    private @Nullable Account account;
    private Wanted wanted = Wanted.NONE;
    private boolean ledgerChanged;
    /** The last attempt to write it failed; the next one comes later, or with the next change. */
    private boolean ledgerRefused;

    private boolean accountUnsaved;

    AcmeState(StateDirectory directory, Clock clock) {
        this.clock = clock;
        this.directory = directory;
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

    /** Keys of orders that were finalized here. */
    OrderKeys orderKeys() {
        return orderKeys;
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
        books.readInto(ledger, now());
        account = books.account().filter(kept -> !ledger.isLost(kept)).orElse(null);
    }

    /**
     * Takes a certificate when it is better than what is here. An order for its host is done with then, whoever placed it.
     *
     * @return whether it was
     */
    boolean take(IssuedCertificate certificate) {
        boolean taken = vault.take(certificate, wanted.hosts());
        if (taken) {
            orderKeys.forget(certificate.host());
        }
        return taken;
    }

    /** Forgets what no longer matters. */
    void tidy() {
        ledger.tidy(wanted.hosts(), now());
        vault.tidy(wanted.hosts(), now());
        orderKeys.keepOnly(wanted.hosts());
    }

    /**
     * Takes an account when there is none, or an older one than what is here, unless the authority has lost it.
     *
     * @return whether it was taken
     */
    boolean takeAccount(Account candidate) {
        if (ledger.isLost(candidate)) {
            return false;
        }
        if (account != null && Account.BETTER.compare(candidate, account) <= 0) {
            return false;
        }
        account = candidate;
        accountUnsaved = !books.write(candidate);
        return true;
    }

    /** Forgets an account that the authority does not know any more, and takes it from nobody again. */
    void loseAccount(Account lost) {
        ledger.lost(lost);
        ledgerChanged();
        dropLost();
    }

    /**
     * Takes in what another load balancer knows.
     *
     * @return whether anything was news
     */
    boolean merge(LedgerJson.Part part) {
        boolean news = ledger.merge(part, now());
        if (news) {
            ledgerChanged();
            dropLost();
        }
        return news;
    }

    private void dropLost() {
        if (account != null && ledger.isLost(account)) {
            account = null;
            accountUnsaved = false;
            books.forgetAccount();
        }
    }

    /** The ledger differs from what is on disk. */
    void ledgerChanged() {
        ledgerChanged = true;
        ledgerRefused = false;
    }

    /** Writes what changed since the last attempt. */
    void saveLedger() {
        if (ledgerChanged && !ledgerRefused) {
            ledgerRefused = !books.write(ledger);
            ledgerChanged = ledgerRefused;
        }
    }

    /** Writes what could not be written. */
    void saveAgain() {
        vault.saveAgain();
        ledgerRefused = false;
        saveLedger();
        if (accountUnsaved && account != null) {
            accountUnsaved = !books.write(account);
        }
        if (books.problem().isPresent()) {
            books.probe();
        }
    }

    /** Of the ledger some names, and what is about all. */
    LedgerJson.Part part(Map<String, NameRecord> names) {
        return new LedgerJson.Part(Map.copyOf(names), ledger.orders(), ledger.all());
    }

    /** What is on disk is for the next process. */
    void close() {
        directory.close();
    }

    Instant now() {
        return clock.instant();
    }
}
