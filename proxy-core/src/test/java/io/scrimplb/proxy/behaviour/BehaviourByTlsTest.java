package io.scrimplb.proxy.behaviour;

import org.junit.jupiter.api.Nested;

/** The behaviour of HTTP in clear text once more, with clients that come by TLS. */
final class BehaviourByTlsTest {
    @Nested
    @ByTls
    final class Body extends BodyTest {}

    @Nested
    @ByTls
    final class BackPressure extends BackPressureTest {}

    @Nested
    @ByTls
    final class KeepAlive extends KeepAliveTest {}

    @Nested
    @ByTls
    final class Segmentation extends SegmentationTest {}

    @Nested
    @ByTls
    final class WebSocket extends WebSocketTest {}

    @Nested
    @ByTls
    final class Timeout extends TimeoutTest {}

    @Nested
    @ByTls
    final class HeaderForwarding extends HeaderForwardingTest {}

    @Nested
    @ByTls
    final class Limit extends LimitTest {}

    @Nested
    @ByTls
    final class Swap extends SwapTest {}

    @Nested
    @ByTls
    final class Retry extends RetryTest {}

    @Nested
    @ByTls
    final class InterimResponse extends InterimResponseTest {}

    @Nested
    @ByTls
    final class LocalReply extends LocalReplyTest {}

    @Nested
    @ByTls
    final class Drain extends DrainTest {}

    @Nested
    @ByTls
    final class Concurrency extends ConcurrencyTest {}

    @Nested
    @ByTls
    final class Pool extends PoolTest {}

    @Nested
    @ByTls
    final class Mutation extends MutationTest {}
}
