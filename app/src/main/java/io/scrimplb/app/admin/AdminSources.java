package io.scrimplb.app.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where the admin server gets what it shows. Called on its threads, one call at a time each: must be thread-safe and
 * quick.
 *
 * @param notReady why the process is not ready, one line each; empty when it is
 * @param metrics writes all metrics as Prometheus text
 * @param status the whole state
 */
public record AdminSources(Supplier<List<String>> notReady, MetricsWriter metrics, Supplier<AdminStatus> status) {
    /** Writes metrics. */
    @FunctionalInterface
    public interface MetricsWriter {
        void write(OutputStream out) throws IOException;
    }
}
