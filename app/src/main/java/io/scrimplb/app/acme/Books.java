package io.scrimplb.app.acme;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The account and the ledger on disk. A disk that fails costs the memory of them after a restart, and nothing else. */
final class Books {
    private static final Logger LOG = LoggerFactory.getLogger(Books.class);
    private static final String ACCOUNT = "account.json";
    private static final String LEDGER = "ledger.json";
    private static final String PROBE = "probe";

    private final StateDirectory directory;
    private final JsonMapper mapper = new JsonMapper();
    /** Files that could not be written, and why, until they are. */
    private final Map<String, String> unwritten = new TreeMap<>();

    Books(StateDirectory directory) {
        this.directory = directory;
    }

    Optional<Account> account() {
        try {
            Optional<String> text = directory.read(ACCOUNT);
            return text.isPresent() ? Optional.of(Account.read(text.get())) : Optional.empty();
        } catch (IOException | GeneralSecurityException e) {
            LOG.warn("{} is not used: {}", directory.path().resolve(ACCOUNT), DiskFault.text(e));
            setAside();
            return Optional.empty();
        }
    }

    /** Somebody may still mend it: the next account does not replace it. */
    private void setAside() {
        try {
            LOG.warn("it is kept as {}", directory.setAside(ACCOUNT));
        } catch (IOException e) {
            LOG.warn("it cannot be set aside: {}", DiskFault.text(e));
        }
    }

    /** @return whether it is on disk now */
    boolean write(Account account) {
        return write(ACCOUNT, account.json());
    }

    void forgetAccount() {
        try {
            directory.delete(ACCOUNT);
            unwritten.remove(ACCOUNT);
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

    /** @return whether it is on disk now */
    boolean write(Ledger ledger) {
        return write(LEDGER, LedgerJson.write(ledger).toString());
    }

    /**
     * Whether anything can be written at all: who could not remember an order must not place one.
     *
     * @return why not, one line; empty when it can
     */
    Optional<String> probe() {
        if (write(PROBE, "") && unwritten.isEmpty()) {
            try {
                directory.delete(PROBE);
            } catch (IOException e) {
                LOG.debug("an empty file stays on disk: {}", DiskFault.text(e));
            }
            return Optional.empty();
        }
        return problem();
    }

    private boolean write(String name, String text) {
        try {
            directory.write(name, text);
            unwritten.remove(name);
            return true;
        } catch (IOException e) {
            String why = DiskFault.text(e);
            if (!why.equals(unwritten.put(name, why))) {
                LOG.error("{} cannot be written: {}", directory.path().resolve(name), why);
            }
            return false;
        }
    }

    /** What is not on disk as it should be, one line; empty when all is. */
    Optional<String> problem() {
        return unwritten.values().stream()
                .findFirst()
                .map(why -> "the state directory " + directory.path() + " cannot be written: " + why);
    }
}
