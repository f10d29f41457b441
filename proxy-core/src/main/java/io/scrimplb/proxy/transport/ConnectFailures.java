package io.scrimplb.proxy.transport;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** Whose fault it is that a connection could not be made. */
public final class ConnectFailures {
    private ConnectFailures() {}

    /** Whether the endpoint is to blame, and not a shortage of this machine's own, such as of file descriptors. */
    public static boolean blameEndpoint(Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof ConnectTimeoutException
                || cause instanceof NoRouteToHostException;
    }
}
