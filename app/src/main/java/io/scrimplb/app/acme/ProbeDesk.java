package io.scrimplb.app.acme;

import io.scrimplb.app.acme.Preflight.Outcome;
import io.scrimplb.app.acme.Preflight.Reached;
import java.util.function.Consumer;

/** Looks at names for other load balancers, so many at a time. For the service's thread only. */
final class ProbeDesk implements Sharing.Probes {
    /** Looks at a time; each takes some seconds at most ({@link Lookout}). */
    private static final int MAX_PROBES = 8;

    private final Lookout lookout;
    private final ServiceThreads threads;
    private int probing;

    ProbeDesk(Lookout lookout, ServiceThreads threads) {
        this.lookout = lookout;
        this.threads = threads;
    }

    @Override
    public void look(PeerMessage.Probe probe, Consumer<Reached> answer) {
        if (probing >= MAX_PROBES) {
            answer.accept(new Reached(Outcome.UNKNOWN, "too many at a time"));
            return;
        }
        probing++;
        threads.pool().execute(() -> {
            Reached reached = new Reached(Outcome.UNKNOWN, "interrupted");
            try {
                reached = lookout.fetch(probe.challenge(), probe.port());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                Reached came = reached;
                threads.hand(() -> {
                    probing--;
                    answer.accept(came);
                });
            }
        });
    }
}
