package io.scrimplb.proxy.telemetry;

/** What is counted for the attempts at one endpoint. Written by event loops, read by any thread. */
public final class EndpointCounters {
    private static final int CLASSES = CodeClass.values().length;
    private static final int RESPONSE_NANOS = CLASSES;
    private static final int RESPONSES = CLASSES + 1;
    private static final int BEGUN = CLASSES + 2;
    private static final int ENDED = CLASSES + 3;

    private final String application;
    private final String backend;
    private final LoopCounters counters;

    /**
     * @param application the upstream's name
     * @param backend the endpoint's address as the label {@code backend} shows it; members that offer the same address share it
     * @param loops number of event loops
     */
    public EndpointCounters(String application, String backend, int loops) {
        this.application = application;
        this.backend = backend;
        this.counters = new LoopCounters(loops, CLASSES + 4);
    }

    public String application() {
        return application;
    }

    public String backend() {
        return backend;
    }

    /** An attempt begins; only on the event loop with that index. */
    public void begun(int loop) {
        counters.add(loop, BEGUN, 1);
    }

    /** An attempt ended, with the status the endpoint gave or 0; only on the event loop with that index. */
    public void ended(int loop, int status) {
        counters.add(loop, ENDED, 1);
        counters.add(loop, CodeClass.of(status).ordinal(), 1);
    }

    /** The head of a response came, so long after the request was handed over. */
    public void responded(int loop, long nanos) {
        counters.add(loop, RESPONSES, 1);
        counters.add(loop, RESPONSE_NANOS, nanos);
    }

    public long requests(CodeClass codeClass) {
        return counters.sum(codeClass.ordinal());
    }

    public long responses() {
        return counters.sum(RESPONSES);
    }

    /** Time to the response head, summed over {@link #responses()}, in nanoseconds. */
    public long responseNanos() {
        return counters.sum(RESPONSE_NANOS);
    }

    /** Attempts begun and not ended, never negative. */
    public long inFlight() {
        long ended = counters.sum(ENDED);
        return Math.max(0, counters.sum(BEGUN) - ended);
    }
}
