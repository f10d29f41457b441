package io.scrimplb.proxy;

import io.scrimplb.proxy.telemetry.AccessLog;

/**
 * What stays as it is while a proxy runs.
 *
 * @param transport how sockets are served
 * @param eventLoops threads that forward, at least 1
 * @param accessLog where finished exchanges are told
 */
public record ProxyOptions(Transport transport, int eventLoops, AccessLog accessLog) {
    /** How sockets are served. */
    public enum Transport {
        /** epoll where there is one, else NIO. */
        AUTO,
        /** Where there is none NIO, and one line in the log. */
        EPOLL,
        /** Where it may not be used epoll, else NIO, and one line in the log. */
        IO_URING,
        NIO
    }

    /** The best transport there is, an event loop a processor, no access log. */
    public static ProxyOptions defaults() {
        return new ProxyOptions(Transport.AUTO, Math.max(1, Runtime.getRuntime().availableProcessors()), AccessLog.OFF);
    }

    public ProxyOptions withTransport(Transport other) {
        return new ProxyOptions(other, eventLoops, accessLog);
    }

    public ProxyOptions withEventLoops(int other) {
        return new ProxyOptions(transport, other, accessLog);
    }

    public ProxyOptions withAccessLog(AccessLog other) {
        return new ProxyOptions(transport, eventLoops, other);
    }
}
