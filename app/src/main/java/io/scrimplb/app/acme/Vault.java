package io.scrimplb.app.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that are here: in memory, from where they are shown, and on disk as far as the disk takes them. What cannot
 * be written serves all the same, and is tried again. Not thread-safe.
 */
final class Vault {
    private static final Logger LOG = LoggerFactory.getLogger(Vault.class);
    /** One that nobody wants is kept for so long after its end; it may be wanted again, and tells what there was. */
    private static final Duration KEPT = Duration.ofDays(7);

    /** Those that are wanted, and as many that nobody wants at the moment. */
    static final int MAX_CERTIFICATES = 2 * Wanted.MAX_HOSTS;
    /** One that is forgotten is offered once more, and loses again. */
    static final int MAX_LOSERS = 500;

    private final CertificateStore store;
    private final SortedMap<String, IssuedCertificate> certificates = new TreeMap<>();
    /** Short names of certificates that lost against others, the latest last, so that they are not offered again and again. */
    private final Set<String> losers = new LinkedHashSet<>();
    /** Hosts whose certificate is not on disk, and why. */
    private final Map<String, String> unsaved = new HashMap<>();

    private final int most;

    Vault(CertificateStore store) {
        this(store, MAX_CERTIFICATES);
    }

    /** @param most certificates that are kept, more than are ever wanted */
    Vault(CertificateStore store, int most) {
        this.store = store;
        this.most = most;
    }

    /** Reads the disk; what was wrong with it, one line each. */
    List<String> load() {
        CertificateStore.Found found = store.read();
        found.certificates().forEach(certificate -> certificates.put(certificate.host(), certificate));
        return found.problems();
    }

    Optional<IssuedCertificate> certificate(String host) {
        return Optional.ofNullable(certificates.get(host));
    }

    /** Names for which a certificate is valid. */
    Set<String> valid(Instant now) {
        Set<String> valid = new LinkedHashSet<>();
        for (IssuedCertificate certificate : certificates.values()) {
            if (!now.isBefore(certificate.notBefore()) && now.isBefore(certificate.notAfter())) {
                valid.add(certificate.host());
            }
        }
        return valid;
    }

    Collection<IssuedCertificate> all() {
        return certificates.values();
    }

    /**
     * Takes a certificate when it is better than what is here.
     *
     * @param wanted hosts whose certificates do not give way when there are too many
     * @return whether it was
     */
    boolean take(IssuedCertificate candidate, Set<String> wanted) {
        IssuedCertificate present = certificates.get(candidate.host());
        if (candidate.equals(present)) {
            return false;
        }
        boolean better = present == null
                ? certificates.size() < most || makeRoom(candidate, wanted)
                : IssuedCertificate.BETTER.compare(candidate, present) > 0;
        if (!better) {
            lost(candidate);
            return false;
        }
        losers.remove(candidate.shortName());
        certificates.put(candidate.host(), candidate);
        if (present != null) {
            lost(present);
        }
        save(candidate);
        return true;
    }

    /** Of those that nobody wants, the candidate included, the one that ends first goes. */
    private boolean makeRoom(IssuedCertificate candidate, Set<String> wanted) {
        Optional<IssuedCertificate> first = Stream.concat(certificates.values().stream(), Stream.of(candidate))
                .filter(one -> !wanted.contains(one.host()))
                .min(Comparator.comparing(IssuedCertificate::notAfter));
        if (first.isEmpty() || first.get().equals(candidate)) {
            return false;
        }
        forget(first.get());
        lost(first.get());
        return true;
    }

    private void lost(IssuedCertificate loser) {
        losers.add(loser.shortName());
        if (losers.size() > MAX_LOSERS) {
            Iterator<String> eldest = losers.iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** Short names of what need not be offered to this load balancer; those of what it has stand first. */
    Set<String> have() {
        Set<String> have = new LinkedHashSet<>();
        certificates.values().forEach(certificate -> have.add(certificate.shortName()));
        have.addAll(losers);
        return have;
    }

    /** Writes what could not be written. */
    void saveAgain() {
        for (String host : List.copyOf(unsaved.keySet())) {
            IssuedCertificate certificate = certificates.get(host);
            if (certificate == null) {
                unsaved.remove(host);
            } else {
                save(certificate);
            }
        }
    }

    /** What is not on disk, one line; empty when all is. */
    Optional<String> diskProblem() {
        return unsaved.entrySet().stream()
                .findFirst()
                .map(first -> "certificates cannot be kept on disk (" + unsaved.size() + ", such as that of "
                        + first.getKey() + "): " + first.getValue() + "; they serve, and are lost with this process");
    }

    /** Forgets what nobody wants and nobody could use. */
    void tidy(Set<String> wanted, Instant now) {
        for (IssuedCertificate certificate : List.copyOf(certificates.values())) {
            if (!wanted.contains(certificate.host())
                    && certificate.notAfter().plus(KEPT).isBefore(now)) {
                forget(certificate);
            }
        }
    }

    private void forget(IssuedCertificate certificate) {
        certificates.remove(certificate.host());
        unsaved.remove(certificate.host());
        try {
            store.delete(certificate.host());
        } catch (IOException e) {
            LOG.debug("the old certificate of {} stays on disk: {}", certificate.host(), DiskFault.text(e));
        }
    }

    private void save(IssuedCertificate certificate) {
        try {
            store.write(certificate);
            unsaved.remove(certificate.host());
        } catch (IOException e) {
            String why = DiskFault.text(e);
            if (!why.equals(unsaved.put(certificate.host(), why))) {
                LOG.error("the certificate of {} cannot be kept on disk: {}", certificate.host(), why);
            }
        }
    }
}
