package io.scrimplb.proxy.transport;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** Whose fault it is that a connection could not be made. */
public final class ConnectFailures {
    private ConnectFailures() {}

    /** Whether the endpoint is to blame, and not a shortage of this machine's own, such as of file descriptors. */
    public static boolean blameEndpoint(Throwable cause) {
        if (cause instanceof ConnectException) {
            // The native transport has one exception for all causes; this one means that our own ports are used up.
            return !String.valueOf(cause.getMessage()).contains("Cannot assign requested address");
        }
        return cause instanceof ConnectTimeoutException || cause instanceof NoRouteToHostException;
    }
}
