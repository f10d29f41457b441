package io.scrimplb.app.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All series of one metric at one scrape; series with the same labels add up. Not thread-safe. */
final class Family {
    private static final String COUNTER_SUFFIX = "_total";
    private static final double NANOS_PER_SECOND = 1e9;

    private final String name;
    private final String help;
    private final String[] labelNames;
    private final Map<List<String>, double[]> series = new LinkedHashMap<>();

    Family(String name, String help, String... labelNames) {
        this.name = name;
        this.help = help;
        this.labelNames = labelNames;
    }

    void add(double value, String... labels) {
        series.computeIfAbsent(List.of(labels), key -> new double[2])[0] += value;
    }

    void add(long value, String... labels) {
        add((double) value, labels);
    }

    /** Adds observations of which only the number and the sum are known. */
    void add(long count, long sumNanos, String... labels) {
        double[] cell = series.computeIfAbsent(List.of(labels), key -> new double[2]);
        cell[0] += count;
        cell[1] += sumNanos / NANOS_PER_SECOND;
    }

    /** The current value of each series, open to a correction before it is shown. */
    Map<List<String>, double[]> series() {
        return series;
    }

    String name() {
        return name;
    }

    MetricSnapshot counter() {
        // The model wants the name without the suffix and writes it back.
        String base = name.endsWith(COUNTER_SUFFIX) ? name.substring(0, name.length() - COUNTER_SUFFIX.length()) : name;
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name(base).help(help);
        series.forEach((labels, cell) -> builder.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels(labels))
                .value(cell[0])
                .build()));
        return builder.build();
    }

    MetricSnapshot gauge() {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
        series.forEach((labels, cell) -> builder.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels(labels))
                .value(cell[0])
                .build()));
        return builder.build();
    }

    MetricSnapshot summary() {
        SummarySnapshot.Builder builder = SummarySnapshot.builder().name(name).help(help);
        series.forEach((labels, cell) -> builder.dataPoint(SummaryDataPointSnapshot.builder()
                .labels(labels(labels))
                .count((long) cell[0])
                .sum(cell[1])
                .build()));
        return builder.build();
    }

    private Labels labels(List<String> values) {
        List<String> pairs = new ArrayList<>(2 * values.size());
        for (int i = 0; i < values.size(); i++) {
            pairs.add(labelNames[i]);
            pairs.add(values.get(i));
        }
        return Labels.of(pairs.toArray(String[]::new));
    }
}
