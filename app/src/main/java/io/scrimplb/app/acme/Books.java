package io.scrimplb.app.acme;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The account and the ledger on disk. A disk that fails costs the memory of them after a restart, and nothing else. */
final class Books {
    private static final Logger LOG = LoggerFactory.getLogger(Books.class);
    private static final String ACCOUNT = "account.json";
    private static final String LEDGER = "ledger.json";

    private final StateDirectory directory;
    private final JsonMapper mapper = new JsonMapper();
    private String told = "";

    Books(StateDirectory directory) {
        this.directory = directory;
    }

    Optional<Account> account() {
        try {
            Optional<String> text = directory.read(ACCOUNT);
            return text.isPresent() ? Optional.of(Account.read(text.get())) : Optional.empty();
        } catch (IOException | GeneralSecurityException e) {
            LOG.warn("{} is not used: {}", directory.path().resolve(ACCOUNT), DiskFault.text(e));
            return Optional.empty();
        }
    }

    void write(Account account) {
        write(ACCOUNT, account.json());
    }

    void forgetAccount() {
        try {
            directory.delete(ACCOUNT);
        } catch (IOException e) {
            LOG.debug("the account stays on disk: {}", DiskFault.text(e));
        }
    }

    void readInto(Ledger ledger, Instant now) {
        try {
            Optional<String> text = directory.read(LEDGER);
            if (text.isPresent()) {
                LedgerJson.Part part = LedgerJson.read(mapper.readTree(text.get()));
                ledger.merge(part, now);
            }
        } catch (JsonProcessingException e) {
            LOG.warn("{} is not used: it is no JSON", directory.path().resolve(LEDGER));
        } catch (IOException e) {
            LOG.warn("{} is not used: {}", directory.path().resolve(LEDGER), DiskFault.text(e));
        }
    }

    void write(Ledger ledger) {
        write(LEDGER, LedgerJson.write(ledger).toString());
    }

    private void write(String name, String text) {
        try {
            directory.write(name, text);
            told = "";
        } catch (IOException e) {
            String why = DiskFault.text(e);
            if (!why.equals(told)) {
                told = why;
                LOG.error("{} cannot be written: {}", directory.path().resolve(name), why);
            }
        }
    }

    /** What stood in the way of the last write, one line; empty when nothing did. */
    Optional<String> problem() {
        return told.isEmpty()
                ? Optional.empty()
                : Optional.of("the state directory " + directory.path() + " cannot be written: " + told);
    }
}
