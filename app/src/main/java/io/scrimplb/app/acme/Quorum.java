package io.scrimplb.app.acme;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Challenges of our own that are waited for until all who take part show them. For the service's thread only. */
final class Quorum {
    private record Waiting(Challenge challenge, long revision, CompletableFuture<Void> shown) {}

    private final AcmeState state;
    private final List<Waiting> waiting = new ArrayList<>();

    Quorum(AcmeState state) {
        this.state = state;
    }

    /** @param shown completes once all show it, this load balancer included; whoever no longer waits cancels it */
    void await(Challenge challenge, long revision, CompletableFuture<Void> shown) {
        waiting.add(new Waiting(challenge, revision, shown));
        settle();
    }

    /** Who does not show a challenge, for people. */
    String missing(Challenge challenge, long revision) {
        if (!state.challenges().shows(challenge)) {
            return "this load balancer";
        }
        return "load balancer " + String.join(", ", state.peers().unconfirmed(revision, state.now()));
    }

    /** Looks who shows what by now. */
    void settle() {
        for (Iterator<Waiting> it = waiting.iterator(); it.hasNext(); ) {
            Waiting one = it.next();
            boolean everywhere = state.challenges().shows(one.challenge())
                    && state.peers().unconfirmed(one.revision(), state.now()).isEmpty();
            if (everywhere) {
                one.shown().complete(null);
            }
            if (one.shown().isDone()) {
                it.remove();
            }
        }
    }
}
