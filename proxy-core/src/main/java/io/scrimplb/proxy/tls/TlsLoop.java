package io.scrimplb.proxy.tls;

import io.scrimplb.proxy.transport.Loop;
import java.util.LinkedHashSet;
import java.util.Set;

/** The handshakes that are under way on one event loop; made and used on that loop alone. */
public final class TlsLoop {
    /**
     * Handshakes under way, beyond which the oldest gives way. Each holds about 50 KiB while it lasts, so all together 25 MiB. A
     * loop does several thousand handshakes a second, and one that is not stalled takes two round trips: this many are under way
     * at a time only when most of them stall. The oldest has had the most time, so it is the likeliest to be a staller, and
     * nobody can shut others out by holding connections open.
     */
    static final int MAX_HANDSHAKES = 512;

    private final Loop loop;
    private final Set<TlsHandshake> underWay = new LinkedHashSet<>();

    public TlsLoop(Loop loop) {
        this.loop = loop;
    }

    public Loop loop() {
        return loop;
    }

    /** Position of the loop; the stripe of every counter. */
    public int index() {
        return loop.index();
    }

    void begun(TlsHandshake handshake) {
        if (underWay.size() >= MAX_HANDSHAKES) {
            TlsHandshake oldest = underWay.iterator().next();
            underWay.remove(oldest);
            oldest.crowdedOut();
        }
        underWay.add(handshake);
    }

    void ended(TlsHandshake handshake) {
        underWay.remove(handshake);
    }
}
