package io.scrimplb.app.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

    private final CertificateStore store;
    private final SortedMap<String, IssuedCertificate> certificates = new TreeMap<>();
    /** Short names of others' certificates that lost, so that they are not offered again and again. */
    private final Set<String> losers = new LinkedHashSet<>();
    /** Hosts whose certificate is not on disk, and why. */
    private final Map<String, String> unsaved = new HashMap<>();

    Vault(CertificateStore store) {
        this.store = store;
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
     * @return whether it was
     */
    boolean take(IssuedCertificate candidate) {
        IssuedCertificate present = certificates.get(candidate.host());
        if (present == null && certificates.size() >= 2 * Wanted.MAX_HOSTS) {
            return false;
        }
        if (present != null && IssuedCertificate.BETTER.compare(candidate, present) <= 0) {
            if (!candidate.equals(present) && losers.size() < Wanted.MAX_HOSTS) {
                losers.add(candidate.shortName());
            }
            return false;
        }
        certificates.put(candidate.host(), candidate);
        if (present != null && losers.size() < Wanted.MAX_HOSTS) {
            losers.add(present.shortName());
        }
        save(candidate);
        return true;
    }

    /** Short names of what need not be offered to this load balancer. */
    Set<String> have() {
        Set<String> have = new LinkedHashSet<>(losers);
        certificates.values().forEach(certificate -> have.add(certificate.shortName()));
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

    /**
     * Forgets what nobody wants and nobody could use.
     *
     * @return whether there was any
     */
    boolean tidy(Set<String> wanted, Instant now) {
        boolean any = false;
        for (IssuedCertificate certificate : List.copyOf(certificates.values())) {
            if (!wanted.contains(certificate.host())
                    && certificate.notAfter().plus(KEPT).isBefore(now)) {
                certificates.remove(certificate.host());
                unsaved.remove(certificate.host());
                any = true;
                try {
                    store.delete(certificate.host());
                } catch (IOException e) {
                    LOG.debug("the old certificate of {} stays on disk: {}", certificate.host(), DiskFault.text(e));
                }
            }
        }
        return any;
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
