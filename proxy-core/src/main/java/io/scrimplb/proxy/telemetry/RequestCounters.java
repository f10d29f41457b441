package io.scrimplb.proxy.telemetry;

/** What is counted for the requests of one application at one listener. Written by event loops, read by any thread. */
public final class RequestCounters {
    /** The application label of requests that no route took. */
    public static final String NO_APPLICATION = "none";

    private static final int CLASSES = CodeClass.values().length;
    private static final int DURATION_NANOS = CLASSES;

    private final String application;
    private final String listener;
    private final LoopCounters counters;

    public RequestCounters(String application, String listener, int loops) {
        this.application = application;
        this.listener = listener;
        this.counters = new LoopCounters(loops, CLASSES + 1);
    }

    public String application() {
        return application;
    }

    public String listener() {
        return listener;
    }

    /** Counts a finished request; only on the event loop with that index. */
    public void finished(int loop, int status, long durationNanos) {
        counters.add(loop, CodeClass.of(status).ordinal(), 1);
        counters.add(loop, DURATION_NANOS, durationNanos);
    }

    public long requests(CodeClass codeClass) {
        return counters.sum(codeClass.ordinal());
    }

    /** All finished requests. */
    public long requests() {
        long sum = 0;
        for (int i = 0; i < CLASSES; i++) {
            sum += counters.sum(i);
        }
        return sum;
    }

    /** The sum of the durations of all finished requests, in nanoseconds. */
    public long durationNanos() {
        return counters.sum(DURATION_NANOS);
    }
}
