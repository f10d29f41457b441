package io.scrimplb.proxy.telemetry;

/** Errors by cause and retries of one application. Written by event loops, read by any thread. */
public final class ApplicationCounters {
    private static final int CAUSES = ErrorCause.values().length;
    private static final int RETRIES = CAUSES;

    private final String application;
    private final LoopCounters counters;

    public ApplicationCounters(String application, int loops) {
        this.application = application;
        this.counters = new LoopCounters(loops, CAUSES + 1);
    }

    public String application() {
        return application;
    }

    /** Counts an error; only on the event loop with that index. */
    public void error(int loop, ErrorCause cause) {
        counters.add(loop, cause.ordinal(), 1);
    }

    /** Counts a retry on another endpoint; only on the event loop with that index. */
    public void retry(int loop) {
        counters.add(loop, RETRIES, 1);
    }

    public long errors(ErrorCause cause) {
        return counters.sum(cause.ordinal());
    }

    public long retries() {
        return counters.sum(RETRIES);
    }
}
