package io.scrimplb.proxy.h2;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The exchanges that wait for one connection, those first that came first. */
final class WaitingExchanges {
    private List<WaitingExchange> waiting = new ArrayList<>();

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

    /**
     * Begins as many as there is room for.
     *
     * @param rest takes the others
     */
    void beginAll(H2OriginConnection on, BooleanSupplier room, Consumer<WaitingExchange> rest) {
        for (WaitingExchange one : take()) {
            if (room.getAsBoolean()) {
                one.begin(on);
            } else {
                rest.accept(one);
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
