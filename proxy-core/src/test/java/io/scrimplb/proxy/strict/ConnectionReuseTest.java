package io.scrimplb.proxy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.RawClient;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When the origin's connection may serve the next request: never behind an error, an unread request or an unread rest. */
@Timeout(60)
class ConnectionReuseTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String UPLOAD = Wire.post("Content-Length: 100") + "hello";
    private static final String UPLOAD_ARRIVED =
            Wire.arrived("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100") + "hello";
    private static final String CLOSING = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private static Case early(String name, String answer, String seen) {
        return Case.answer(name, "CL.0, Kettle 2022", "")
                .sends(UPLOAD)
                .script(Script.early(answer))
                .seenThenClosed(seen)
                .arrived(UPLOAD_ARRIVED)
                .notReused();
    }

    private static Case answered(String name, String answer, String seen) {
        return Case.answer(name, "RFC 9112 9.3", answer).seen(seen);
    }

    static Stream<Case> cases() {
        String evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
        return Stream.of(
                answered("behind a plain answer", Wire.OK, Wire.OK),
                answered(
                        "behind an error of the application",
                        "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno",
                        "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno"),
                answered(
                                "behind an answer that says close",
                                Wire.ok("Connection: close", "Content-Length: 2") + "ok",
                                Wire.OK)
                        .notReused(),
                answered(
                                "behind an answer that says close among others",
                                Wire.ok("Connection: X-A, Close", "X-A: 1", "Content-Length: 2") + "ok",
                                Wire.OK)
                        .notReused(),
                answered("behind an answer of HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", Wire.OK)
                        .notReused(),
                answered(
                        "behind an answer of HTTP/1.0 that says keep-alive",
                        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
                        Wire.OK),
                answered(
                                "behind an answer of HTTP/1.0 that says both",
                                "HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 2\r\n\r\nok",
                                Wire.OK)
                        .notReused(),
                answered("with a byte too much", Wire.OK + "!", Wire.OK).notReused(),
                answered("with a line end too much", Wire.OK + "\r\n", Wire.OK).notReused(),
                answered("with a second response", Wire.OK + evil, Wire.OK).notReused(),
                answered(
                                "with a second response behind chunks",
                                Wire.ok("Transfer-Encoding: chunked") + "2\r\nok\r\n0\r\n\r\n" + evil,
                                Wire.ok("Transfer-Encoding: chunked") + "2\r\nok\r\n0\r\n\r\n")
                        .notReused(),
                answered(
                                "with a second response behind an empty one",
                                Wire.ok("Content-Length: 0") + evil,
                                Wire.ok("Content-Length: 0"))
                        .notReused(),
                Case.passes(
                        "a body with GET that the origin reads",
                        "0.CL",
                        Wire.get("Content-Length: 5") + "hello",
                        Wire.getArrived("Content-Length: 5") + "hello"),
                early("an answer before the end of an upload", Wire.OK, CLOSING),
                early(
                        "an error before the end of an upload",
                        "HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\n\r\nno",
                        "HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"),
                early(
                        "an empty answer before the end of an upload",
                        "HTTP/1.1 204 No Content\r\n\r\n",
                        "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
                early(
                        "an answer in chunks before the end of an upload",
                        Wire.ok("Transfer-Encoding: chunked") + "0\r\n\r\n",
                        Wire.ok("Transfer-Encoding: chunked", "Connection: close") + "0\r\n\r\n"),
                early(
                        "no answer before the end of an upload",
                        "nothing\r\n\r\n",
                        Refusal.badResponse().closing().text()),
                early("an answer before the last chunk", Wire.OK, CLOSING)
                        .sends(Wire.chunked("5\r\nhello\r\n"))
                        .arrived(Wire.chunkedArrived("5\r\nhello\r\n")),
                early("an answer before the very last byte", Wire.OK, CLOSING)
                        .sends(Wire.chunked("5\r\nhello\r\n0\r\n\r"))
                        .arrived(Wire.chunkedArrived("5\r\nhello\r\n0\r\n\r")));
    }

    @Test
    void bytesThatNobodyAskedForEndAnIdleConnection() throws Exception {
        // Some servers say 408 to an idle connection, others are made to by an attacker: it must answer nobody.
        PROXY.origin().begin(Script.OK);
        try (RawClient client = PROXY.client()) {
            client.send(Wire.GET);
            assertThat(client.exactText(Wire.OK.length())).isEqualTo(Wire.OK);

            PROXY.origin().sendUnasked("HTTP/1.1 408 Request Timeout\r\nContent-Length: 4\r\n\r\nevil");

            PROXY.canary(client);
        }
        PROXY.origin().settle();
        PROXY.assertArrived("bytes nobody asked for", new Case.Arrived(List.of(Wire.GET_ARRIVED), false));
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAnUploadTakesTheConnectionWithIt() throws Exception {
        PROXY.origin().begin(Script.OK);
        try (RawClient client = PROXY.client()) {
            client.send(UPLOAD);
            PROXY.origin().awaitHead();
        }
        PROXY.origin().awaitAllEnded();

        try (RawClient next = PROXY.client()) {
            PROXY.canary(next);
        }
        PROXY.origin().settle();
        PROXY.assertArrived("a client that leaves", new Case.Arrived(List.of(UPLOAD_ARRIVED), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isReusedOnlyWhenNothingIsLeftOpen(Case played) throws Exception {
        PROXY.verify(played);
    }
}
