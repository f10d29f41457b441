package io.scrimplb.app.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports that are free now. The product has to be told fixed ones where its user would tell them. */
final class Ports {
    /** Inside what a load balancer lets backends open by default, above what the demo takes. */
    private static final int FIRST = 8100;

    private static final int COUNT = 890;
    /** Another process that tests at the same time starts elsewhere. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 37 % COUNT));

    private Ports() {}

    /** A port at which a load balancer may listen for clients; never the same one twice in a row. */
    static int listen() {
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(port));
                return port;
            } catch (IOException taken) {
                // The next one may be free.
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " on");
    }

    /** Any port, from the same range, so that no outgoing connection of this machine gets it meanwhile. */
    static int any() {
        return listen();
    }
}
