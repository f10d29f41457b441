package io.scrimplb.proxy.h2;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The exchanges that wait for one connection, those first that came first. */
final class WaitingExchanges {
    private final Consumer<WaitingExchange> elsewhere;
    private List<WaitingExchange> waiting = new ArrayList<>();

    /** @param elsewhere takes those that there is no room for */
    WaitingExchanges(Consumer<WaitingExchange> elsewhere) {
        this.elsewhere = elsewhere;
    }

    void add(WaitingExchange one) {
        waiting.add(one);
    }

    int count() {
        return waiting.size();
    }

    /** Begins the first one that still waits; false when none does. */
    boolean beginFirst(H2OriginConnection on) {
        waiting.removeIf(WaitingExchange::abandoned);
        if (waiting.isEmpty()) {
            return false;
        }
        waiting.remove(0).begin(on);
        return true;
    }

    /** It is known how many streams there are: begins as many as there is room for. */
    void beginAll(H2OriginConnection on) {
        for (WaitingExchange one : take()) {
            if (on.mayOpen()) {
                one.begin(on);
            } else if (on.served()) {
                elsewhere.accept(one);
            } else {
                one.fail(new IOException("it takes no streams"));
            }
        }
    }

    void failAll(Throwable cause) {
        take().forEach(one -> one.fail(cause));
    }

    private List<WaitingExchange> take() {
        List<WaitingExchange> all = waiting;
        waiting = new ArrayList<>();
        all.removeIf(WaitingExchange::abandoned);
        return all;
    }
}
