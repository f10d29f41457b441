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
            return Stream.of(Transport.EPOLL, Transport.IO_URING)
                    .flatMap(transport -> Stream.of(0, 64 << 10, 3 << 20)
                            .flatMap(size -> Stream.of(
                                    Arguments.of(transport, size, false), Arguments.of(transport, size, true))));
        }
    }

    @Nested
    class HeaderForwarding extends HeaderForwardingTest {
        {
            proxy.overHttp2();
        }

        /** Names are in lower case in HTTP/2, and the crumbs of a cookie go to the end. */
        @Override
        void theOtherLinesKeepTheirOrderTheirCaseAndTheirBytes() {}
    }

    @Nested
    class LocalReplies extends LocalReplyTest {
        {
            proxy.overHttp2();
        }

        @Override
        void anHttp10ClientGetsAReplyThatEndsWithTheConnection() {}

        /** HTTP/2 has no reason behind the status. */
        @Override
        void anErrorOfTheApplicationPassesUntouched(int status) {}
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

        /** A path is a path in HTTP/2. */
        @Override
        void anAbsoluteFormTargetIsRoutedByItsHostAndGoesOutInOriginForm() {}

        @Override
        void anAbsoluteFormTargetGivesAnHttp10RequestWithoutHostItsHost() {}

        @Override
        void anHttp10RequestWithoutHostGoesToTheDefault() {}
    }

    @Nested
    class Timeouts extends TimeoutTest {
        {
            proxy.overHttp2();
        }

        /** Heads that stall are field blocks that do; see Http2AbuseTest. */
        @Override
        void aHeadThatStallsIs408AndTheConnectionEnds() {}

        @Override
        void aHeadThatTricklesIsNoBetterThanOneThatStalls() {}

        @Override
        void theTimeForAHeadBeginsAnewWithEachRequest() {}
    }

    @Nested
    class BackPressure extends BackPressureTest {
        {
            proxy.overHttp2();
        }

        /** Requests are streams, and their number is bounded. */
        @Override
        void pipelinedRequestsBehindASlowOneAreNotReadWithoutBound(Transport transport) {}

        /** By windows, and with other streams beside it: see Http2FlowTest. */
        @Override
        void aClientThatStopsReadingStopsTheOrigin(Transport transport, boolean chunked) {}
    }

    @Nested
    class WebSockets extends WebSocketTest {
        {
            proxy.overHttp2();
        }

        /** The key is the proxy's, and its answer is looked at; see Http2FlowTest. */
        @Override
        void theHandshakeReachesTheOriginWithItsHopByHopLines() {}

        @Override
        void bytesThatTheOriginSendsWithTheHandshakeAreNotLost() {}

        /** A 200 would open a tunnel. */
        @Override
        void anOriginThatKnowsNoUpgradeAnswersAsUsual() {}

        @Override
        void whatFollowsARefusedUpgradeIsARequestOfItsOwn() {}
    }

    @Nested
    class Telemetry extends TelemetryTest {
        {
            proxy.overHttp2();
        }

        /** Bytes and the protocol's name are others; see Http2Test. */
        @Override
        void connectionsAndBytesOfAListenerAreExact() {}

        @Override
        void aRecordTellsTheWholeExchange() {}

        @Override
        void aRecordOfAMalformedRequestSaysSo() {}

        @Override
        void failuresAreCountedByCause() {}

        @Override
        void aRecordOfAClientThatLeftSaysSo() {}
    }
}
