package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.H2Client;
import io.scrimplb.proxy.partners.H2Frame;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RecordingOrigin;
import io.scrimplb.proxy.telemetry.AccessRecord;
import io.scrimplb.proxy.telemetry.ErrorCause;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and responses over HTTP/2 with prior knowledge, to an HTTP/1.1 origin. */
@Timeout(60)
class Http2Test {
    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private H2Client client(int... settings) {
        return proxy.with(H2Client.connect(proxy.web(), settings));
    }

    @Test
    void aRequestReachesTheOriginInHttp11AndItsAnswerComesBack() throws Exception {
        RecordingOrigin origin = proxy.with(
                RecordingOrigin.answering(
                        "HTTP/1.1 200 OK\r\nX-Mixed-Case: One\r\nConnection: keep-alive\r\nKeep-Alive: 5\r\nContent-Length: 2\r\n\r\nok"));
        proxy.start(SpecBuilder.webTo(origin.address()));

        H2Client.Response response = client().fetch("a.test", "/path?q=1", "x-more: two", "user-agent: tester");

        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.head()).containsExactly(":status: 200", "x-mixed-case: One", "content-length: 2");
        MessageHead head = origin.next().head();
        assertThat(head.startLine()).isEqualTo("GET /path?q=1 HTTP/1.1");
        assertThat(head.lines())
                .containsSequence("host: a.test", "x-more: two", "user-agent: tester")
                .doesNotContain("Connection: close");
    }

    @Test
    void oneConnectionServesManyStreamsAtATime() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> exchange.send(200, exchange.target())));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        int[] streams = new int[100];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = client.get("a.test", "/" + i);
        }

        for (int i = streams.length - 1; i >= 0; i--) {
            assertThat(client.response(streams[i]).text()).isEqualTo("/" + i);
        }
    }

    @Test
    void aBodyOfUnknownLengthGoesInChunksAndOneWithALengthKeepsIt() throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        int unknown = client.begin("POST", "a.test", "/unknown");
        client.send(H2Frame.data(unknown, false, "some "), H2Frame.data(unknown, true, "data"));
        assertThat(client.response(unknown).status()).isEqualTo(200);
        int known = client.begin("POST", "a.test", "/known", "content-length: 4");
        client.send(H2Frame.data(known, false, "da"), H2Frame.data(known, true, "ta"));
        assertThat(client.response(known).status()).isEqualTo(200);

        RecordingOrigin.Recorded first = origin.next();
        assertThat(first.text()).isEqualTo("some data");
        assertThat(first.head().value("Transfer-Encoding")).isEqualTo("chunked");
        RecordingOrigin.Recorded second = origin.next();
        assertThat(second.text()).isEqualTo("data");
        assertThat(second.head().value("Content-Length")).isEqualTo("4");
        assertThat(second.head().has("Transfer-Encoding")).isFalse();
    }

    @Test
    void aLargeDownloadArrivesWholeThroughSmallWindows() throws Exception {
        int size = 3 << 20;
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            BodyBytes.write(exchange.out(), 7, size);
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));

        H2Client.Response response = client(H2Frame.INITIAL_WINDOW_SIZE, 20_000).fetch("a.test", "/");

        assertThat(BodyBytes.digest(new ByteArrayInputStream(response.body()))).isEqualTo(BodyBytes.digest(7, size));
    }

    @Test
    void anUploadIsTakenAsFastAsTheOriginTakesItAndArrivesWhole() throws Exception {
        HttpOrigin origin =
                proxy.with(HttpOrigin.start(exchange -> exchange.send(200, BodyBytes.digest(exchange.body()))));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
        String digest = BodyBytes.write(body, 9, 2 << 20);
        byte[] bytes = body.toByteArray();
        int stream = client.begin("POST", "a.test", "/");

        long window = 65_535;
        long streamWindow = 65_535;
        int sent = 0;
        while (sent < bytes.length) {
            int part = (int) Math.min(Math.min(16_384, bytes.length - sent), Math.min(window, streamWindow));
            if (part > 0) {
                client.send(H2Frame.data(
                        stream, sent + part == bytes.length, Arrays.copyOfRange(bytes, sent, sent + part)));
                sent += part;
                window -= part;
                streamWindow -= part;
                continue;
            }
            H2Frame frame = client.next();
            if (frame.is(H2Frame.WINDOW_UPDATE)) {
                window += frame.stream() == 0 ? frame.number() : 0;
                streamWindow += frame.stream() == stream ? frame.number() : 0;
            } else if (frame.is(H2Frame.SETTINGS)) {
                streamWindow += frame.setting(H2Frame.INITIAL_WINDOW_SIZE, 65_535) - 65_535;
            }
        }

        assertThat(client.response(stream).text()).isEqualTo(digest);
    }

    @Test
    void trailersPassBothWays() throws Exception {
        RecordingOrigin origin = proxy.with(
                RecordingOrigin.answering(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: grpc-status\r\n\r\n2\r\nok\r\n0\r\ngrpc-status: 0\r\n\r\n"));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        int stream = client.begin("POST", "a.test", "/", "te: trailers", "trailer: x-sum");

        client.send(
                H2Frame.data(stream, false, "body"),
                H2Frame.headers(stream, true, io.scrimplb.proxy.partners.Hpack.block("x-sum: 42")));

        H2Client.Response response = client.response(stream);
        assertThat(response.text()).isEqualTo("ok");
        assertThat(response.trailers()).containsExactly("grpc-status: 0");
        RecordingOrigin.Recorded request = origin.next();
        assertThat(request.text()).isEqualTo("body");
        assertThat(request.trailers()).containsExactly("x-sum: 42");
        assertThat(request.head().lists("TE", "trailers")).isTrue();
    }

    @Test
    void responsesWithoutABodyEndWithTheirHead() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            if (exchange.target().equals("/304")) {
                exchange.raw("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n");
            } else if (exchange.target().equals("/204")) {
                exchange.raw("HTTP/1.1 204 No Content\r\n\r\n");
            } else {
                exchange.send(200, "body");
            }
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        for (String path : new String[] {"/304", "/204"}) {
            H2Frame head = client.next(H2Frame.HEADERS, client.get("a.test", path));
            assertThat(head.endsStream()).as(path).isTrue();
        }
        int stream = client.newStream();
        client.send(H2Frame.headers(
                stream, true, io.scrimplb.proxy.partners.Hpack.block(H2Client.request("HEAD", "a.test", "/"))));
        H2Client.Response response = client.response(stream);
        assertThat(response.value("content-length")).isEqualTo("4");
        assertThat(response.body()).isEmpty();
    }

    /** Clients like to send the end of a stream in a frame of its own, and an endpoint may be quicker than that. */
    @Test
    void anAnswerBetweenTheLastByteAndTheEndOfTheStreamLeavesTheConnectionToTheEndpointInUse() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> exchange.send(
                200, new String(exchange.body().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        int stream = client.begin("POST", "a.test", "/", "content-length: 5");
        client.send(H2Frame.data(stream, false, "hello"));
        assertThat(client.response(stream).text()).isEqualTo("hello");
        client.send(H2Frame.data(stream, true));

        assertThat(client.fetch("a.test", "/next").status()).isEqualTo(200);
        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void anInterimResponsePassesAndAnExpectationIsHeldUntilTheOriginAsks() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.start(exchange -> {
            exchange.raw("HTTP/1.1 100 Continue\r\n\r\n");
            exchange.raw("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            exchange.send(200, new String(exchange.body().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII));
        }));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();
        int stream = client.begin("POST", "a.test", "/", "expect: 100-continue", "content-length: 4");

        assertThat(client.fields(client.next(H2Frame.HEADERS, stream))).containsExactly(":status: 100");
        client.send(H2Frame.data(stream, true, "body"));

        H2Client.Response response = client.response(stream);
        assertThat(response.interim()).hasSize(1);
        assertThat(response.interim().get(0)).containsExactly(":status: 103", "link: </x>");
        assertThat(response.text()).isEqualTo("body");
    }

    @Test
    void requestsAndTheirBytesAreTold() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("named"));
        RecordingAccessLog log = proxy.logged();
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        client.fetch("a.test", "/path?q");
        int malformed = client.get("a.test", "/", "connection: close");
        assertThat(client.response(malformed).reset()).isEqualTo(H2Frame.PROTOCOL_ERROR);

        AccessRecord served = log.next();
        assertThat(served.protocol()).isEqualTo("HTTP/2.0");
        assertThat(served.path()).isEqualTo("/path?q");
        assertThat(served.status()).isEqualTo(200);
        assertThat(served.bytesIn()).isBetween(20L, 200L);
        assertThat(served.bytesOut()).isBetween(20L, 200L);
        AccessRecord refused = log.next();
        assertThat(refused.protocol()).isEqualTo("HTTP/2.0");
        assertThat(refused.error()).isEqualTo(ErrorCause.BAD_REQUEST);
        assertThat(proxy.server().traffic().listeners().iterator().next().connections())
                .isEqualTo(1);
    }

    @Test
    void aReplyOfTheProxyIsAResponseLikeAnyOther() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.start(SpecBuilder.web().upstream("a", origin.address()).route("a.test", "/", "a"));

        H2Client client = client();
        H2Client.Response response = client.fetch("b.test", "/", "accept: application/json");

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.value("x-scrimp-error")).isEqualTo("unknown-host");
        assertThat(response.value("content-type")).isEqualTo("application/json");
        assertThat(response.head()).noneMatch(field -> field.startsWith("connection:"));
        assertThat(client.fetch("a.test", "/").text()).isEqualTo("a");
    }

    @Test
    void aSchemeOrAProtocolThatIsNotServedHereIsRefusedByName() throws Exception {
        HttpOrigin origin = proxy.with(HttpOrigin.named("a"));
        proxy.start(SpecBuilder.webTo(origin.address()));
        H2Client client = client();

        int scheme = client.newStream();
        client.send(H2Frame.headers(
                scheme, true, Hpack.block(":method: GET", ":scheme: ftp", ":authority: a.test", ":path: /")));
        H2Client.Response misdirected = client.response(scheme);
        assertThat(misdirected.status()).isEqualTo(421);
        assertThat(misdirected.value("x-scrimp-error")).isEqualTo("misdirected");

        int protocol = client.newStream();
        client.send(H2Frame.headers(
                protocol,
                false,
                Hpack.block(
                        ":method: CONNECT",
                        ":protocol: connect-udp",
                        ":scheme: http",
                        ":authority: a.test",
                        ":path: /")));
        H2Client.Response unknown = client.response(protocol);
        assertThat(unknown.status()).isEqualTo(501);
        assertThat(unknown.text()).contains("501 Not Implemented");
    }
}
