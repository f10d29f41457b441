package io.scrimplb.proxy.behaviour;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.transport.SocketApi;

/** What tests need of the machine. */
public final class ThisMachine {
    private ThisMachine() {}

    /** Skips a test of a transport that is not there, with the reason. */
    public static void has(Transport wanted) {
        switch (wanted) {
            case EPOLL -> assumeThere(SocketApi.EPOLL);
            case IO_URING -> assumeThere(SocketApi.IO_URING);
            default -> {}
        }
    }

    private static void assumeThere(SocketApi api) {
        String missing = api.missing();
        assumeTrue(missing == null, () -> "no " + api + " on this machine: " + missing);
    }
}
