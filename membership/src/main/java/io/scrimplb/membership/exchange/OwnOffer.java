package io.scrimplb.membership.exchange;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.wire.ApplicationRules;
import io.scrimplb.membership.wire.WireCodec;
import io.scrimplb.membership.wire.WireMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What this backend offers: the last announcement that was made, and answers to who asks. Thread-safe. */
public final class OwnOffer {
    /**
     * What became of an announcement.
     *
     * @param changed whether the load balancers have to hear of it
     * @param problems what was left out of it and why, one line each
     */
    public record Outcome(boolean changed, List<String> problems) {
        public Outcome {
            problems = List.copyOf(problems);
        }
    }

    private final WireCodec codec;
    private volatile Announcement current = Announcement.NONE;
    /** Guarded by this. Of the announcement as it was wanted; the one that was made of it may be above. */
    private long lastWanted = Long.MIN_VALUE;

    private List<String> lastProblems = List.of();

    public OwnOffer(WireCodec codec) {
        this.codec = codec;
    }

    /**
     * Takes over a new announcement, without what the load balancers would refuse anyway. One that is older than what
     * was taken over before was overtaken on its way, and is dropped.
     */
    public synchronized Outcome announce(Announcement wanted) {
        if (wanted.revision() < lastWanted) {
            return new Outcome(false, lastProblems);
        }
        lastWanted = wanted.revision();
        List<String> problems = new ArrayList<>();
        List<Application> good = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Application application : wanted.applications()) {
            Optional<String> broken = ApplicationRules.broken(application);
            if (broken.isPresent()) {
                problems.add("application " + application.name() + " is not announced: " + broken.get());
            } else if (names.add(application.name())) {
                good.add(application);
            } else {
                problems.add("application " + application.name() + " is announced once: its name stands there twice");
            }
        }
        Announcement checked = new Announcement(wanted.revision(), wanted.advertiseAddress(), good);
        int fitting = codec.fitting(checked);
        if (fitting < good.size()) {
            problems.add("only the first " + fitting + " of " + good.size()
                    + " applications are announced: the others do not fit into one announcement");
            good = good.subList(0, fitting);
        }
        lastProblems = List.copyOf(problems);
        Announcement next =
                new Announcement(Math.max(wanted.revision(), current.revision() + 1), wanted.advertiseAddress(), good);
        boolean same = current.applications().equals(next.applications())
                && Objects.equals(current.advertiseAddress(), next.advertiseAddress());
        if (same && wanted.revision() <= current.revision()) {
            return new Outcome(false, problems);
        }
        current = next;
        return new Outcome(true, problems);
    }

    /** The announcement as it stands. */
    public Announcement current() {
        return current;
    }

    /** The answer to a load balancer that knows a revision. */
    public WireMessage answer(long known) {
        Announcement now = current;
        return known == now.revision() ? new WireMessage.Unchanged(known) : new WireMessage.Offer(now);
    }
}
