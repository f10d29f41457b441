package io.scrimplb.app.certificates;

import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where all certificates meet: whoever has some pins them here, and whoever shows them is told of each change. Thread-safe.
 *
 * <p>Each origin has its own part, which is replaced as a whole. Challenges are a part of their own.
 */
public final class CertificateBoard {
    /** From when on a certificate's end is told: what renews by itself does so before (at two thirds of its time). */
    static final Duration NEAR_END = Duration.ofDays(14);
    /** And for one of a short life, not before the last of so many parts of it. */
    private static final int NEAR_PART = 5;

    /** What problems and status call the certificate that is made here; clients that are not told otherwise refuse it. */
    private static final String SELF_SIGNED = "self-signed";
    /** Longer than any process runs. */
    private static final Duration SELF_SIGNED_LIFETIME = Duration.ofDays(3650);
    /** Clients whose clocks are a bit slow shall have one objection, not two. */
    private static final Duration SELF_SIGNED_BEFORE = Duration.ofDays(1);

    /** Names of one certificate that the status shows; an authority signs 100 at most. */
    private static final int MAX_HOSTS = 100;

    private final Clock clock;
    private final Object lock = new Object();
    private final Map<CertificateOrigin, List<CertificateEntry>> entries = new EnumMap<>(CertificateOrigin.class);
    private List<ChallengeSpec> challenges = List.of();
    /** What the listener was told last, of the certificates. */
    private List<CertificateSpec> shown = List.of();

    private @Nullable CertificateSpec selfSigned;
    private @Nullable Consumer<TlsMaterial> listener;

    public CertificateBoard(Clock clock) {
        this.clock = clock;
    }

    /**
     * Whom to tell what there is, at once and after each change. Calls follow each other in the order of the changes, on the
     * thread that made the change, and must return at once.
     */
    public void listen(Consumer<TlsMaterial> whoever) {
        synchronized (lock) {
            listener = whoever;
            tell();
        }
    }

    /**
     * Replaces all certificates of an origin, those included that there should be. One that expired since the last call gives
     * way at this one, whatever its origin.
     */
    public void replace(CertificateOrigin origin, List<CertificateEntry> now) {
        synchronized (lock) {
            entries.put(origin, List.copyOf(now));
            if (!snapshot().certificates().equals(shown)) {
                tell();
            }
        }
    }

    /** Replaces all challenges. */
    public void challenges(Collection<ChallengeSpec> now) {
        synchronized (lock) {
            List<ChallengeSpec> next = List.copyOf(now);
            if (!next.equals(challenges)) {
                challenges = next;
                tell();
            }
        }
    }

    /** What there is now. */
    public TlsMaterial material() {
        synchronized (lock) {
            return snapshot();
        }
    }

    /** Every certificate that there is or should be, for people; files first. */
    public List<CertificateStatus> status() {
        Instant now = clock.instant();
        List<CertificateStatus> shown = new ArrayList<>();
        synchronized (lock) {
            entries.forEach((origin, list) -> list.forEach(entry -> shown.add(status(origin, entry, now))));
            if (selfSigned != null && snapshot().certificates().isEmpty()) {
                shown.add(status(CertificateOrigin.SELF_SIGNED, CertificateEntry.of(selfSigned), now));
            }
        }
        return shown;
    }

    /** Names of the certificates of one origin that are valid now. */
    public Set<String> hostsOfValid(CertificateOrigin origin) {
        Instant now = clock.instant();
        List<CertificateSpec> there;
        synchronized (lock) {
            there = working(entries.getOrDefault(origin, List.of()));
        }
        Set<String> hosts = new HashSet<>();
        for (CertificateSpec certificate : there) {
            X509Certificate leaf = certificate.chain().get(0);
            if (now.isBefore(leaf.getNotAfter().toInstant())) {
                hosts.addAll(CertificateNames.hosts(leaf));
            }
        }
        return hosts;
    }

    private void tell() {
        TlsMaterial now = snapshot();
        shown = now.certificates();
        if (listener != null) {
            listener.accept(now);
        }
    }

    private TlsMaterial snapshot() {
        List<CertificateSpec> certificates = new ArrayList<>();
        entries.values().forEach(list -> certificates.addAll(working(list)));
        return new TlsMaterial(Expiry.givingWay(certificates, clock.instant()), challenges, this::selfSigned);
    }

    private static List<CertificateSpec> working(List<CertificateEntry> list) {
        return list.stream()
                .map(CertificateEntry::certificate)
                .flatMap(Optional::stream)
                .toList();
    }

    private CertificateSpec selfSigned() {
        synchronized (lock) {
            CertificateSpec made = selfSigned;
            if (made == null) {
                Instant now = clock.instant();
                made = SelfSignedCertificate.make(
                        SELF_SIGNED,
                        "Scrimp LB, self-signed",
                        "localhost",
                        now.minus(SELF_SIGNED_BEFORE),
                        now.plus(SELF_SIGNED_LIFETIME),
                        none -> {});
                selfSigned = made;
            }
            return made;
        }
    }

    private static CertificateStatus status(CertificateOrigin origin, CertificateEntry entry, Instant now) {
        String told = entry.problem().orElse(null);
        if (entry.certificate().isEmpty()) {
            return new CertificateStatus(entry.name(), origin, List.of(), null, null, told, null);
        }
        X509Certificate leaf = entry.certificate().get().chain().get(0);
        return new CertificateStatus(
                entry.name(),
                origin,
                CertificateNames.hosts(leaf).stream().limit(MAX_HOSTS).toList(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                told,
                dateProblem(leaf, now).orElse(null));
    }

    /** What is wrong with the dates of a certificate; empty when nothing is. */
    static Optional<String> dateProblem(X509Certificate leaf, Instant now) {
        Instant start = leaf.getNotBefore().toInstant();
        Instant end = leaf.getNotAfter().toInstant();
        if (now.isBefore(start)) {
            return Optional.of("is not valid before " + start);
        }
        if (!now.isBefore(end)) {
            return Optional.of("expired at " + end);
        }
        Duration fifth = Duration.between(start, end).dividedBy(NEAR_PART);
        Instant near = end.minus(fifth.compareTo(NEAR_END) < 0 ? fifth : NEAR_END);
        return now.isBefore(near) ? Optional.empty() : Optional.of("expires at " + end);
    }
}
