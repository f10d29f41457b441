package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.certificates.CertificateEntry;
import io.scrimplb.app.certificates.CertificateNames;
import io.scrimplb.app.certificates.CertificateOrigin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * For which hosts certificates are wanted, and what of it all stands on the board. Walks through all hosts, and so is done once
 * for many changes. For the service's thread only.
 */
final class Display {
    private final CertificateBoard board;
    private final AcmeState state;
    private final AcmeSettings settings;
    private Set<String> held = Set.of();
    private boolean stale;

    Display(CertificateBoard board, AcmeState state, AcmeSettings settings) {
        this.board = board;
        this.state = state;
        this.settings = settings;
    }

    /** @param hosts that applications hold at TLS listeners, in lower case */
    void held(Set<String> hosts) {
        stale |= !hosts.equals(held);
        held = hosts;
    }

    /** Something that is shown, or that follows from what is there, may be another. */
    void touched() {
        stale = true;
    }

    /** Works off what was touched. */
    void refreshIfStale() {
        if (stale) {
            refresh();
        }
    }

    /** Shows the challenges as they are now: an authority, or another load balancer, is waiting for them. */
    void challenges() {
        board.challenges(state.challenges().specs());
    }

    /** Decides and shows all anew. */
    void refresh() {
        stale = false;
        Set<String> files = board.hostsOfValid(CertificateOrigin.FILE);
        Set<String> having = state.vault().valid(state.now());
        state.wanted(Wanted.of(held, files, having, settings.dnsHook().isPresent(), settings.ownAuthority()));
        List<CertificateEntry> entries = new ArrayList<>();
        Set<String> shown = new HashSet<>();
        for (IssuedCertificate certificate : state.vault().all()) {
            String host = certificate.host();
            boolean wanted = state.wanted().hosts().contains(host);
            if (shows(host, wanted, files, having)) {
                shown.add(host);
                entries.add(new CertificateEntry(
                        host, Optional.of(certificate.spec()), wanted ? cause(host) : Optional.empty()));
            }
        }
        for (String host : state.wanted().hosts()) {
            if (!shown.contains(host)) {
                entries.add(CertificateEntry.missing(host, cause(host).orElse("is being ordered")));
            }
        }
        state.wanted().refused().forEach((host, why) -> {
            if (!shown.contains(host)) {
                entries.add(CertificateEntry.missing(host, why));
            }
        });
        board.replace(CertificateOrigin.ACME, entries);
        challenges();
    }

    /**
     * Whether one of the certificates that are kept is shown to clients. One that another is as good for is, only while it is
     * wanted and valid: what was ordered long ago must not stand before a file that came since, nor an expired one before any
     * that is not.
     *
     * @param files names of the certificates in files that are valid now
     * @param having names for which a certificate that was ordered is valid now
     */
    static boolean shows(String host, boolean wanted, Set<String> files, Set<String> having) {
        boolean another = CertificateNames.covers(files, host) || having.contains(CertificateNames.wildcard(host));
        return !another || (wanted && having.contains(host));
    }

    private Optional<String> cause(String host) {
        NameRecord record = state.ledger().name(host);
        return record.cause().isEmpty()
                ? Optional.empty()
                : Optional.of("could not be ordered: " + record.cause() + "; tried again at "
                        + state.ledger().nextAttempt(host, state.now()));
    }
}
