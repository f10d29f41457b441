package io.scrimplb.proxy.strict;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that pause where a careless server would answer and go on (pause-based desync, Kettle 2022): the connection ends. */
@Timeout(60)
class PauseTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withClientIdle(Duration.ofMillis(300));

    private static Case late(String name, String request, String arrived) {
        Refusal timeout =
                new Refusal("408 Request Timeout", "client-timeout", "the request's body took too long", "close");
        return Case.passes(name, "pause-based desync, Kettle 2022", request, arrived)
                .seenThenClosed(timeout.text())
                .notReused();
    }

    static Stream<Case> cases() {
        Refusal head =
                new Refusal("408 Request Timeout", "header-timeout", "the request's header took too long", "close");
        return Stream.of(
                Case.refused(
                        "inside a head", "pause-based desync, Kettle 2022", "GET / HTTP/1.1\r\nHost: a.test\r\n", head),
                late(
                        "before a body",
                        Wire.post("Content-Length: 100"),
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100")),
                late(
                        "inside a body",
                        Wire.post("Content-Length: 100") + Wire.SMUGGLED,
                        Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100") + Wire.SMUGGLED),
                late("before the last chunk", Wire.chunked("5\r\nhello\r\n"), Wire.chunkedArrived("5\r\nhello\r\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void endsInsteadOfBeingGuessed(Case played) throws Exception {
        PROXY.verify(played);
    }
}
