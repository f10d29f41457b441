package io.scrimplb.proxy.behaviour;

import io.scrimplb.proxy.ProxyOptions.Transport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The behaviour suites once more, for clients that speak HTTP/2. What is left out of one has no counterpart in HTTP/2, or is
 * tested from the frame up elsewhere.
 */
class Http2SuitesTest {
    @Nested
    class Bodies extends BodyTest {
        {
            proxy.overHttp2();
        }

        static Stream<Arguments> sizes() {
            return Stream.of(Transport.NIO, Transport.EPOLL, Transport.IO_URING)
                    .flatMap(transport -> Stream.of(0, 1, 64 << 10, 3 << 20)
                            .flatMap(size -> Stream.of(
                                    Arguments.of(transport, size, false), Arguments.of(transport, size, true))));
        }
    }

    @Nested
    class HeaderForwarding extends HeaderForwardingTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class LocalReplies extends LocalReplyTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class InterimResponses extends InterimResponseTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class Retries extends RetryTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class Routing extends RoutingTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class Timeouts extends TimeoutTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class BackPressure extends BackPressureTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class WebSockets extends WebSocketTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class Telemetry extends TelemetryTest {
        {
            proxy.overHttp2();
        }
    }

    @Nested
    class Balancing extends BalancingTest {
        {
            proxy.overHttp2();
        }
    }
}
