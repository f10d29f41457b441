package io.scrimplb.proxy.behaviour;

import org.junit.jupiter.api.Nested;

/** The behaviour of HTTP in clear text once more, with clients that come by TLS. */
final class BehaviourByTlsTest {
    @Nested
    @ByTls
    final class KeepAlive extends KeepAliveTest {}

    @Nested
    @ByTls
    final class Retry extends RetryTest {}

    @Nested
    @ByTls
    final class InterimResponse extends InterimResponseTest {}

    @Nested
    @ByTls
    final class LocalReply extends LocalReplyTest {}
}
