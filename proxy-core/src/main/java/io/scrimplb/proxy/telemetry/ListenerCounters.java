package io.scrimplb.proxy.telemetry;

/** Connections and bytes of one listener. Written by event loops, read by any thread. */
public final class ListenerCounters {
    private static final int OPENED = 0;
    private static final int CLOSED = 1;
    private static final int BYTES_IN = 2;
    private static final int BYTES_OUT = 3;
    private static final int HANDSHAKES = 4;
    private static final int SIZE = HANDSHAKES + HandshakeResult.values().length;

    private final String listener;
    private final LoopCounters counters;

    public ListenerCounters(String listener, int loops) {
        this.listener = listener;
        this.counters = new LoopCounters(loops, SIZE);
    }

    public String listener() {
        return listener;
    }

    public void opened(int loop) {
        counters.add(loop, OPENED, 1);
    }

    public void closed(int loop) {
        counters.add(loop, CLOSED, 1);
    }

    /** Bytes that came from clients. */
    public void received(int loop, long bytes) {
        counters.add(loop, BYTES_IN, bytes);
    }

    /** Bytes handed to the socket towards clients. */
    public void sent(int loop, long bytes) {
        counters.add(loop, BYTES_OUT, bytes);
    }

    /** A TLS handshake ended; only on the event loop with that index. */
    public void handshake(int loop, HandshakeResult result) {
        counters.add(loop, HANDSHAKES + result.ordinal(), 1);
    }

    public long handshakes(HandshakeResult result) {
        return counters.sum(HANDSHAKES + result.ordinal());
    }

    /** Client connections open now, never negative. */
    public long connections() {
        long closed = counters.sum(CLOSED);
        return Math.max(0, counters.sum(OPENED) - closed);
    }

    public long bytesIn() {
        return counters.sum(BYTES_IN);
    }

    public long bytesOut() {
        return counters.sum(BYTES_OUT);
    }
}
