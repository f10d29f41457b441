package io.scrimplb.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that a user mends a file in one go. Not thread-safe. */
final class Problems {
    /** More than anybody reads at once; a file of nothing but mistakes must not fill the terminal. */
    static final int MAX_PROBLEMS = 100;

    private final List<Problem> problems = new ArrayList<>();
    private int leftOut;

    void add(Origin origin, String path, String message) {
        if (problems.size() == MAX_PROBLEMS) {
            leftOut++;
            return;
        }
        problems.add(new Problem(origin, path, message));
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** In the order of the file's lines, then what comes from elsewhere, each in the order found. */
    List<Problem> list() {
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparing((Problem problem) -> problem.origin() instanceof Origin.InFile ? 0 : 1)
                .thenComparingInt(problem -> problem.origin() instanceof Origin.InFile in ? in.line() : 0)
                .thenComparingInt(problem -> problem.origin() instanceof Origin.InFile in ? in.column() : 0));
        if (leftOut > 0) {
            sorted.add(new Problem(Origin.DEFAULT, "", "and " + leftOut + " more problems like these"));
        }
        return List.copyOf(sorted);
    }
}
