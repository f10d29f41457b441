package io.scrimplb.membership.exchange;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.wire.WireMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a load balancer knows of the backends in its view, and whom it asks next. Not thread-safe. Times are
 * milliseconds of any clock that does not go backwards.
 */
public final class BackendTable {
    /** A question that is due. */
    public record Question(Member backend, long knownRevision) {}

    /** What a backend offers, and what it may offer by its certificate. */
    public record Known(Announcement announcement, Claims claims) {}

    /** Backends that are asked and believed; those beyond are left out until others go. */
    static final int MAX_BACKENDS = 1_000;

    private final Map<String, Backend> backends = new HashMap<>();
    private int leftOut;
    private final AskTimes times;

    public BackendTable(RandomGenerator random) {
        this.times = new AskTimes(random);
    }

    /**
     * Takes over who is there. Newcomers are asked soon; those who are gone are forgotten, so that they are asked and
     * announced again when they come back.
     *
     * @param merged whether partitions came together: then everybody is asked again
     */
    public void viewChanged(Collection<Member> members, boolean merged, long now) {
        Set<String> present = members.stream()
                .filter(m -> m.role() == Role.BACKEND)
                .map(Member::id)
                .collect(Collectors.toSet());
        backends.keySet().retainAll(present);
        leftOut = 0;
        for (Member member : members) {
            if (member.role() != Role.BACKEND) {
                continue;
            }
            Backend backend = backends.get(member.id());
            if (backend == null && backends.size() >= MAX_BACKENDS) {
                leftOut++;
            } else if (backend == null) {
                backends.put(member.id(), new Backend(member, now + AskTimes.FIRST_MILLIS));
            } else if (merged) {
                backend.askNext(now);
            }
        }
    }

    /** Backends of the view that are left out, because there are more than {@value #MAX_BACKENDS}. */
    int leftOut() {
        return leftOut;
    }

    /** A message of this backend was lost: it is asked soon. */
    public void lost(String id, long now) {
        Backend backend = backends.get(id);
        if (backend != null) {
            backend.askNext(now + times.backoff(1));
        }
    }

    /**
     * A backend said what it offers. True when that is news.
     *
     * @param claims as its own connection proves them
     */
    public boolean offered(String id, Announcement announcement, Claims claims, long now) {
        Backend backend = backends.get(id);
        if (backend == null || announcement.revision() < backend.directRevision()) {
            return false;
        }
        backend.confirm(now + times.confirmed());
        // What another load balancer said of this backend gives way to what it says itself, even at one revision.
        Known next = new Known(announcement, claims);
        boolean news = !next.equals(backend.known);
        backend.known = next;
        backend.direct = true;
        return news;
    }

    /**
     * A backend said that nothing changed. What is known, when its own connection proves other claims for it than
     * another load balancer told; else empty.
     *
     * @param claims as its own connection proves them
     */
    public Optional<Known> unchanged(String id, long revision, Claims claims, long now) {
        Backend backend = backends.get(id);
        if (backend == null) {
            return Optional.empty();
        }
        Known known = backend.known;
        if (known == null || known.announcement().revision() != revision) {
            backend.askNext(now + times.backoff(1));
            return Optional.empty();
        }
        backend.direct = true;
        backend.confirm(now + times.confirmed());
        if (claims.equals(known.claims())) {
            return Optional.empty();
        }
        Known next = new Known(known.announcement(), claims);
        backend.known = next;
        return Optional.of(next);
    }

    /** Another load balancer said what a backend offers and may offer. True when that is news. */
    public boolean heardOf(String id, Announcement announcement, Claims claims) {
        Backend backend = backends.get(id);
        if (backend == null || backend.direct) {
            return false;
        }
        if (announcement.revision() <= backend.knownRevision()) {
            return false;
        }
        backend.known = new Known(announcement, claims);
        return true;
    }

    /** Whom to ask now; each is scheduled again, later each time, until it answers. */
    public List<Question> due(long now) {
        List<Question> due = new ArrayList<>();
        for (Backend backend : backends.values()) {
            if (backend.nextAsk <= now) {
                backend.attempts++;
                backend.nextAsk = now + times.backoff(backend.attempts);
                due.add(new Question(backend.member, backend.knownRevision()));
            }
        }
        return due;
    }

    /** When {@link #due} has something next; empty when there is nobody to ask. */
    public OptionalLong nextDue() {
        return backends.values().stream().mapToLong(b -> b.nextAsk).min();
    }

    /** What is known, to be told to a load balancer that joined. */
    public Map<String, Known> known() {
        Map<String, Known> known = new HashMap<>();
        backends.forEach((id, backend) -> {
            if (backend.known != null) {
                known.put(id, backend.known);
            }
        });
        return known;
    }

    private static final class Backend {
        private final Member member;
        private @Nullable Known known;
        /** Whether it confirmed the announcement itself. */
        private boolean direct;

        private int attempts;
        private long nextAsk;

        Backend(Member member, long nextAsk) {
            this.member = member;
            this.nextAsk = nextAsk;
        }

        long knownRevision() {
            return known == null
                    ? WireMessage.NOTHING_KNOWN
                    : known.announcement().revision();
        }

        long directRevision() {
            return direct ? knownRevision() : WireMessage.NOTHING_KNOWN;
        }

        void askNext(long at) {
            attempts = 0;
            nextAsk = at;
        }

        void confirm(long next) {
            askNext(next);
        }
    }
}
