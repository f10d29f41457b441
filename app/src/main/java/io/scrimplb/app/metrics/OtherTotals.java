package io.scrimplb.app.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the counters under {@code other} from falling. What is behind them comes and goes, and a counter that falls
 * reads like a restart that adds its whole value once more. So only what was added between two scrapes is passed on;
 * growth that is hidden by a departure in the same interval is lost, which is the smaller lie.
 */
final class OtherTotals {
    private record Key(String metric, List<String> labels) {}

    private record Total(double seen, double shown, double seenSum, double shownSum) {}

    private final Map<Key, Total> totals = new HashMap<>();

    /** Replaces the values of the shared series of a family by ones that never fall. */
    void smooth(Family family) {
        family.series().forEach((labels, cell) -> {
            if (labels.contains(LabelCap.OTHER)) {
                Key key = new Key(family.name(), labels);
                Total last = totals.getOrDefault(key, new Total(0, 0, 0, 0));
                Total next = new Total(
                        cell[0],
                        last.shown() + Math.max(0, cell[0] - last.seen()),
                        cell[1],
                        last.shownSum() + Math.max(0, cell[1] - last.seenSum()));
                totals.put(key, next);
                cell[0] = next.shown();
                cell[1] = next.shownSum();
            }
        });
    }
}
