package io.scrimplb.proxy;

import io.scrimplb.proxy.telemetry.AccessLog;

/**
 * What stays as it is while a proxy runs.
 *
 * @param transport how sockets are served
 * @param eventLoops threads that forward, at least 1
 * @param accessLog where finished exchanges are told
 * @param tlsEngine what does TLS
 */
public record ProxyOptions(Transport transport, int eventLoops, AccessLog accessLog, TlsEngine tlsEngine) {
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

    /** What does TLS; chosen when the first certificate or the first https upstream comes. */
    public enum TlsEngine {
        /** BoringSSL on Linux on x86-64 and aarch64, else the JDK. */
        AUTO,
        /** BoringSSL; where it does not run the JDK, and one line in the log. */
        OPENSSL,
        JDK
    }

    /** The best transport there is, an event loop a processor, no access log. */
    public static ProxyOptions defaults() {
        return new ProxyOptions(
                Transport.AUTO, Math.max(1, Runtime.getRuntime().availableProcessors()), AccessLog.OFF, TlsEngine.AUTO);
    }

    public ProxyOptions withTransport(Transport other) {
        return new ProxyOptions(other, eventLoops, accessLog, tlsEngine);
    }

    public ProxyOptions withEventLoops(int other) {
        return new ProxyOptions(transport, other, accessLog, tlsEngine);
    }

    public ProxyOptions withAccessLog(AccessLog other) {
        return new ProxyOptions(transport, eventLoops, other, tlsEngine);
    }

    public ProxyOptions withTlsEngine(TlsEngine other) {
        return new ProxyOptions(transport, eventLoops, accessLog, other);
    }
}
