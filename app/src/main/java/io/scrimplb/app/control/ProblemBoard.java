package io.scrimplb.app.control;

import io.scrimplb.app.registry.Problem;
import io.scrimplb.proxy.spec.SpecProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;

/**
 * All problems in one list, whoever found them. A problem is logged when it appears and when it is gone, not in between.
 */
final class ProblemBoard {
    /** How long the cluster's last words stay on the status page; nobody says when they cease to be true. */
    static final Duration TROUBLE_SHOWN = Duration.ofMinutes(10);
    /** Troubles shown at once; the oldest makes room. */
    private static final int MAX_TROUBLES = 20;

    private record Key(String object, String message) {}

    private final Logger log;
    private final LogBudget budget;
    private final Deque<Problem> troubles = new ArrayDeque<>();
    private List<Problem> fromProxy = List.of();
    private Set<Key> told = Set.of();

    ProblemBoard(Logger log) {
        this.log = log;
        this.budget = new LogBudget(log, "changes of problems");
    }

    LogBudget budget() {
        return budget;
    }

    /** What the membership complained about; it logs that itself. */
    void troubled(String message, Instant now) {
        troubles.removeIf(trouble -> trouble.message().equals(message));
        troubles.addLast(new Problem("cluster", message, now));
        if (troubles.size() > MAX_TROUBLES) {
            troubles.removeFirst();
        }
    }

    /** What the proxy left out of the spec it was given last. */
    void fromProxy(List<SpecProblem> problems, Instant now) {
        List<Problem> next = new ArrayList<>();
        for (SpecProblem problem : problems) {
            Instant since = fromProxy.stream()
                    .filter(known -> known.object().equals(problem.object())
                            && known.message().equals(problem.message()))
                    .map(Problem::since)
                    .findFirst()
                    .orElse(now);
            next.add(new Problem(problem.object(), problem.message(), since));
        }
        fromProxy = List.copyOf(next);
    }

    /** Everything that is wrong now; logs what is new or gone. */
    List<Problem> settle(List<Problem> fromRegistry, Instant now) {
        troubles.removeIf(trouble -> trouble.since().plus(TROUBLE_SHOWN).isBefore(now));
        List<Problem> logged = new ArrayList<>(fromRegistry);
        logged.addAll(fromProxy);
        Set<Key> present = new HashSet<>();
        for (Problem problem : logged) {
            Key key = new Key(problem.object(), problem.message());
            if (present.add(key) && !told.contains(key) && budget.take(now)) {
                log.warn("{}: {}", problem.object(), problem.message());
            }
        }
        for (Key key : told) {
            if (!present.contains(key) && budget.take(now)) {
                log.info("no longer: {}: {}", key.object(), key.message());
            }
        }
        told = present;
        List<Problem> all = new ArrayList<>(logged);
        all.addAll(troubles);
        return all;
    }
}
