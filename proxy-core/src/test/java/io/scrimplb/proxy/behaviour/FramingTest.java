package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageBody.Framing;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.partners.ResettingOrigin;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a message ends (RFC 9112 sections 6 and 7), between versions and when the origin breaks off. */
@Timeout(60)
class FramingTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private RecordingOrigin answering(String... responses) {
        RecordingOrigin origin = proxy.with(RecordingOrigin.answering(responses));
        proxy.start(SpecBuilder.webTo(origin.address()));
        return origin;
    }

    @Test
    void chunkExtensionsOfARequestDoNoHarm() throws Exception {
        RecordingOrigin origin = answering(RecordingOrigin.OK);
        RawClient client = proxy.client();

        client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
        client.send("3;a=b;c=\"d;e\"\r\nabc\r\n2;x\r\nde\r\n0;last\r\n\r\n");

        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().text()).isEqualTo("abcde");
    }

    @Test
    void trailersOfARequestThatWouldChangeItsMeaningNeverReachTheOrigin() throws Exception {
        RecordingOrigin origin = answering(RecordingOrigin.OK);
        RawClient client = proxy.client();

        client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked", "Trailer: X-Checksum");
        client.send("3\r\nabc\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\nAuthorization: evil\r\nCookie: evil\r\n"
                + "X-Checksum: 1\r\nContent-Type: evil\r\n\r\n");

        assertThat(client.response().status()).isEqualTo(200);
        RecordingOrigin.Recorded request = origin.next();
        assertThat(request.text()).isEqualTo("abc");
        assertThat(request.head().has("Authorization")).isFalse();
        assertThat(request.head().all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(request.trailers()).isSubsetOf("X-Checksum: 1");
        assertThat(client.get("a.test", "/next").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 9",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked",
                "Host: evil.test",
                "Connection: close"
            })
    void aTrailerOfARequestThatWouldFrameOrRouteItIsRefusedOrDropped(String trailer) throws Exception {
        RecordingOrigin origin = answering(RecordingOrigin.OK);
        RawClient client = proxy.client();

        client.head("POST / HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked");
        client.send("3\r\nabc\r\n0\r\n" + trailer + "\r\n\r\n");

        if (client.response().status() == 200) {
            assertThat(origin.next().trailers()).isEmpty();
            assertThat(client.get("a.test", "/next").status()).isEqualTo(200);
        } else {
            assertThat(client.closedWithin(SOON)).isTrue();
            assertThat(origin.requests()).isEmpty();
        }
    }

    @Test
    void trailersOfAResponseReachAClientThatAskedForThem() throws Exception {
        answering(CHUNKED.replace("\r\n\r\n", "\r\nTrailer: Grpc-Status\r\n\r\n")
                + "2\r\nok\r\n0\r\nGrpc-Status: 0\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\n");
        RawClient client = proxy.client();

        RawResponse response = client.get("a.test", "/", "TE: trailers", "Connection: TE");

        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.trailers()).contains("Grpc-Status: 0");
        assertThat(response.trailers()).noneMatch(line -> line.startsWith("Content-Length"));
    }

    @Test
    void trailersOfAResponseAreDroppedForAClientThatDidNotAsk() throws Exception {
        answering(CHUNKED + "2\r\nok\r\n0\r\nGrpc-Status: 0\r\n\r\n");
        RawClient client = proxy.client();

        for (int round = 0; round < 2; round++) {
            RawResponse response = client.get("a.test", "/");
            assertThat(response.text()).isEqualTo("ok");
            assertThat(response.complete()).isTrue();
            assertThat(response.trailers()).isEmpty();
        }
    }

    @Test
    void anHttp10ClientGetsAChunkedResponseAsBytesUntilTheEnd() throws Exception {
        RecordingOrigin origin = answering(CHUNKED + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-T: 1\r\n\r\n");
        RawClient client = proxy.client();

        client.head("GET / HTTP/1.0", "Host: a.test", "Connection: keep-alive");
        RawResponse response = client.response();

        assertThat(response.head().has("Transfer-Encoding")).isFalse();
        assertThat(response.framing()).isEqualTo(Framing.UNTIL_CLOSE);
        assertThat(response.text()).isEqualTo("abcde");
        assertThat(origin.connections()).isEqualTo(1);
        assertThat(proxy.client().get("a.test", "/").text()).isEqualTo("abcde");
        assertThat(origin.connections()).as("the origin's connection is reused").isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
            })
    void aResponseThatEndsWithTheOriginsConnectionIsFramedForAnHttp11Client(String head) throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.answeringAndClosing(head + "hello"));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();

        for (int round = 0; round < 2; round++) {
            RawResponse response = client.get("a.test", "/");
            assertThat(response.text()).isEqualTo("hello");
            assertThat(response.framing()).isEqualTo(Framing.CHUNKED);
        }
        assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void aResponseThatEndsWithTheOriginsConnectionEndsThatOfAnHttp10Client() throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.answeringAndClosing("HTTP/1.0 200 OK\r\n\r\nhello"));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.0", "Host: a.test", "Connection: keep-alive");

        RawResponse response = client.response();

        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.framing()).isEqualTo(Framing.UNTIL_CLOSE);
        assertThat(response.head().lists("Connection", "keep-alive")).isFalse();
    }

    @EveryTransport
    void aResponseCutShortOfItsLengthIsSeenCut(Transport transport) throws Exception {
        RecordingOrigin origin = proxy.with(
                RecordingOrigin.answeringAndClosing("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.complete()).isFalse();
    }

    @EveryTransport
    void aChunkedResponseCutBeforeItsLastChunkIsSeenCut(Transport transport) throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.answeringAndClosing(CHUNKED + "5\r\nhello\r\n"));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.complete()).isFalse();
    }

    @EveryTransport
    void aResponseThatAResetBreaksOffIsSeenCutOrRefused(Transport transport) throws Exception {
        // The reset may overtake the bytes before it; what must not happen is a clean end.
        ResettingOrigin origin =
                proxy.with(ResettingOrigin.after("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"));
        proxy.on(transport).start(SpecBuilder.webTo(origin.address()));

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status() == 502 || !response.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5x\r\nhello\r\n0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n", "-1\r\n", "FFFFFFFFFFFFFFFFF\r\nx", "\r\n"})
    void aBadChunkInAResponseIsNoCleanEnd(String chunks) throws Exception {
        answering(CHUNKED + "2\r\nok\r\n" + chunks);

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status() == 502 || !response.complete()).isTrue();
    }

    @Test
    void aResponseToHeadKeepsItsLengthAndHasNoBody() throws Exception {
        RecordingOrigin origin = answering("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
        RawClient client = proxy.client();

        for (int round = 0; round < 3; round++) {
            client.head("HEAD / HTTP/1.1", "Host: a.test");
            RawResponse response = client.response("HEAD");
            assertThat(response.head().all("Content-Length")).containsExactly("5000");
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void aChunkedResponseToHeadHasNoBody() throws Exception {
        RecordingOrigin origin = answering(CHUNKED);
        RawClient client = proxy.client();

        for (int round = 0; round < 3; round++) {
            client.head("HEAD / HTTP/1.1", "Host: a.test");
            assertThat(client.response("HEAD").status()).isEqualTo(200);
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
            })
    void aResponseWithoutBodyLeavesBothConnectionsUsable(String response) throws Exception {
        RecordingOrigin origin = answering(response);
        RawClient client = proxy.client();

        for (int round = 0; round < 3; round++) {
            RawResponse seen = client.get("a.test", "/");
            assertThat(seen.head().startLine())
                    .isEqualTo(response.lines().findFirst().orElseThrow());
            assertThat(seen.body()).isEmpty();
        }
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void aResponseWithoutContentGetsNoFraming() throws Exception {
        answering("HTTP/1.1 204 No Content\r\n\r\n");

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.head().has("Content-Length")).isFalse();
        assertThat(response.head().has("Transfer-Encoding")).isFalse();
    }

    @Test
    void aBodyWithGetIsForwarded() throws Exception {
        RecordingOrigin origin = answering(RecordingOrigin.OK);
        RawClient client = proxy.client();

        client.head("GET /search HTTP/1.1", "Host: a.test", "Content-Length: 5").send("query");

        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().text()).isEqualTo("query");
    }

    @Test
    void anEmptyPostKeepsItsLengthOfZero() throws Exception {
        RecordingOrigin origin = answering(RecordingOrigin.OK);
        RawClient client = proxy.client();

        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 0");

        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().head().all("Content-Length")).containsExactly("0");
    }

    @Test
    void aResponseWithTwoLengthsThatAgreeIsRefusedOrTheyBecomeOne() throws Exception {
        answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok");

        RawResponse response = proxy.client().get("a.test", "/");

        assertThat(response.status()).isIn(200, 502);
        assertThat(response.head().all("Content-Length")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void aBodyWhereThereMustBeNoneNeverBecomesTheResponseToTheNextRequest(String status) throws Exception {
        RecordingOrigin origin =
                answering("HTTP/1.1 " + status + "\r\nContent-Length: 4\r\n\r\nevil", RecordingOrigin.OK);

        assertThat(proxy.client().get("a.test", "/1").body()).isEmpty();
        assertThat(proxy.client().get("a.test", "/2").text()).isEqualTo("ok");
        assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void bytesAfterAResponseNeverBecomeTheResponseToTheNextRequest() throws Exception {
        // Response queue poisoning: the surplus of one exchange must not answer another client.
        String poisoned = RecordingOrigin.OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
        RecordingOrigin origin = answering(poisoned, RecordingOrigin.OK);

        assertThat(proxy.client().get("a.test", "/1").text()).isEqualTo("ok");
        assertThat(proxy.client().get("a.test", "/2").text()).isEqualTo("ok");
        assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void aBodyAfterAResponseToHeadNeverBecomesTheResponseToTheNextRequest() throws Exception {
        RecordingOrigin origin = answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", RecordingOrigin.OK);
        RawClient client = proxy.client();

        client.head("HEAD / HTTP/1.1", "Host: a.test");
        assertThat(client.response("HEAD").status()).isEqualTo(200);

        assertThat(proxy.client().get("a.test", "/2").text()).isEqualTo("ok");
        assertThat(origin.connections()).isEqualTo(2);
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAnUploadEndsTheOriginsConnection() throws Exception {
        RecordingOrigin origin = answering(RecordingOrigin.OK);
        RawClient client = proxy.client();
        client.head("POST / HTTP/1.1", "Host: a.test", "Content-Length: 100").send("half");
        org.awaitility.Awaitility.await().until(() -> origin.raw(1).endsWith("half"));

        client.close();

        org.awaitility.Awaitility.await().atMost(SOON).until(() -> origin.open() == 0);
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void aClientThatLeavesInTheMiddleOfADownloadEndsTheOriginsConnection() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            exchange.out().write(new byte[1000]);
            exchange.body().readAllBytes();
            while (true) {
                exchange.out().write(new byte[64 * 1024]);
            }
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.1", "Host: a.test");
        assertThat(client.responseHead().status()).isEqualTo(200);

        client.reset();

        org.awaitility.Awaitility.await().atMost(SOON).until(() -> origin.open() == 0);
    }
}
