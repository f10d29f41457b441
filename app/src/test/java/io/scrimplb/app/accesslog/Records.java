package io.scrimplb.app.accesslog;

import io.scrimplb.proxy.telemetry.AccessRecord;
import io.scrimplb.proxy.telemetry.ErrorCause;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

final class Records {
    /** 2026-11-21T01:02:03.456Z. */
    private static final long START_MILLIS = 1_795_222_923_456L;

    private Records() {}

    static AccessRecord full(String path, String userAgent) {
        return full(path, userAgent, null);
    }

    /** @param tls version of TLS; null for clear text */
    static AccessRecord full(String path, String userAgent, @Nullable String tls) {
        return new AccessRecord(
                START_MILLIS,
                "blog",
                "8080",
                "blog.example.com",
                "GET",
                path,
                "HTTP/1.1",
                200,
                120,
                4567,
                InetAddress.getLoopbackAddress(),
                new InetSocketAddress("10.0.0.3", 3000),
                0,
                1_234_567,
                12_345_678_901L,
                1,
                null,
                "req-1",
                userAgent,
                tls);
    }

    static AccessRecord incomplete() {
        return new AccessRecord(
                START_MILLIS,
                null,
                "8080",
                null,
                null,
                null,
                "HTTP/1.1",
                400,
                7,
                0,
                InetAddress.getLoopbackAddress(),
                null,
                -1,
                -1,
                50,
                0,
                ErrorCause.BAD_REQUEST,
                null,
                null,
                null);
    }
}
