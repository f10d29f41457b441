package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which header lines reach an origin, and how (contract, 'Towards backends'; RFC 9110 section 7.6.1). */
@Timeout(60)
class HeaderForwardingTest {
    private static final Set<String> OURS =
            Set.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-request-id");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final RecordingOrigin origin = proxy.with(RecordingOrigin.start());

    /** Sends a GET with these lines after its Host and gives the head that reached the origin. */
    private MessageHead forwarded(String... lines) throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        return send(lines);
    }

    private MessageHead forwardedFromTrusted(String... lines) throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).trusted("127.0.0.0/8").trusted("::1/128"));
        return send(lines);
    }

    private MessageHead send(String... lines) throws IOException, InterruptedException {
        RawResponse response = proxy.client().get("a.test", "/", lines);
        assertThat(response.status()).isEqualTo(200);
        return origin.next().head();
    }

    private static List<String> linesOfTheClient(MessageHead head) {
        return head.fields().stream()
                .filter(field -> !OURS.contains(field.name().toLowerCase(Locale.ROOT)))
                .map(MessageHead.Field::toString)
                .toList();
    }

    @Test
    void theOtherLinesKeepTheirOrderTheirCaseAndTheirBytes() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head(
                "GET /a%2fb;p=1?q=%zz&r=[]|{} HTTP/1.1",
                "uSER-aGENT: x/1 (a; b)",
                "Host: Blog.Example.com:8443",
                "accept:*/*",
                "X-Twice: one",
                "Cookie: a=b; c=\"d e\"",
                "X-Empty:",
                "X-Twice: two",
                "x-bytes: \u00e9\u00ff\t|",
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "tracestate: congo=t61rcWkgMzE",
                "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");

        assertThat(client.response().status()).isEqualTo(200);
        MessageHead head = origin.next().head();
        assertThat(head.startLine()).isEqualTo("GET /a%2fb;p=1?q=%zz&r=[]|{} HTTP/1.1");
        assertThat(linesOfTheClient(head))
                .containsExactly(
                        "uSER-aGENT: x/1 (a; b)",
                        "Host: Blog.Example.com:8443",
                        "accept: */*",
                        "X-Twice: one",
                        "Cookie: a=b; c=\"d e\"",
                        "X-Empty: ",
                        "X-Twice: two",
                        "x-bytes: \u00e9\u00ff\t|",
                        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "tracestate: congo=t61rcWkgMzE",
                        "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    @Test
    void hopByHopLinesAreRemoved() throws Exception {
        MessageHead head = forwarded(
                "Connection: keep-alive, X-Drop, x-drop-too",
                "X-Drop: 1",
                "X-DROP-TOO: 1",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Upgrade: h2c",
                "X-Keep: 1");

        assertThat(linesOfTheClient(head)).containsExactly("Host: a.test", "X-Keep: 1");
    }

    @Test
    void everyConnectionLineNamesLinesToRemove() throws Exception {
        MessageHead head =
                forwarded("X-One: 1", "Connection: X-One", "Connection: ,, x-two ,", "X-Two: 2", "X-Keep: 1");

        assertThat(linesOfTheClient(head)).containsExactly("Host: a.test", "X-Keep: 1");
    }

    @Test
    void connectionCannotRemoveWhatTheProxySays() throws Exception {
        MessageHead head = forwarded(
                "Connection: X-Forwarded-For, x-forwarded-proto, X-Forwarded-Host, X-Forwarded-Port, X-Request-Id",
                "X-Forwarded-For: 6.6.6.6");

        assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(head.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(head.has("X-Forwarded-Host")).isTrue();
        assertThat(head.has("X-Forwarded-Port")).isTrue();
        assertThat(head.has("X-Request-Id")).isTrue();
    }

    @Test
    void connectionCannotRemoveTheHostOrTheFraming() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("POST / HTTP/1.1", "Host: a.test", "Connection: Host, Content-Length", "Content-Length: 5");
        client.send("hello");

        assertThat(client.response().status()).isEqualTo(200);
        RecordingOrigin.Recorded request = origin.next();
        assertThat(request.head().all("Host")).containsExactly("a.test");
        assertThat(request.text()).isEqualTo("hello");
    }

    @Test
    void connectionCannotRemoveTheChunkedFraming() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("POST / HTTP/1.1", "Host: a.test", "Connection: Transfer-Encoding", "Transfer-Encoding: chunked");
        client.send("5\r\nhello\r\n0\r\n\r\n");

        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().text()).isEqualTo("hello");
    }

    @Test
    void forwardingLinesOfAnUntrustedClientAreReplaced() throws Exception {
        MessageHead head = forwarded(
                "X-Forwarded-For: 6.6.6.6",
                "x-forwarded-for: 7.7.7.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.test",
                "X-Forwarded-Port: 1");

        assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(head.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(head.all("X-Forwarded-Host")).containsExactly("a.test");
        assertThat(head.all("X-Forwarded-Port"))
                .containsExactly(Integer.toString(proxy.web().getPort()));
    }

    @Test
    void aRequestWithoutForwardingLinesGetsThem() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        int port = proxy.web().getPort();

        proxy.client().get("Blog.example.com:" + port, "/");

        MessageHead head = origin.next().head();
        assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(head.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(head.all("X-Forwarded-Host")).containsExactly("Blog.example.com:" + port);
        assertThat(head.all("X-Forwarded-Port")).containsExactly(Integer.toString(port));
        assertThat(head.all("X-Request-Id")).hasSize(1);
    }

    @Test
    void aTrustedProxyIsBelievedAndItsOwnAddressAppended() throws Exception {
        MessageHead head = forwardedFromTrusted(
                "X-Forwarded-For: 198.51.100.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: shop.test",
                "X-Forwarded-Port: 443");

        assertThat(String.join(", ", head.all("X-Forwarded-For"))).isEqualTo("198.51.100.7, 127.0.0.1");
        assertThat(head.all("X-Forwarded-Proto")).containsExactly("https");
        assertThat(head.all("X-Forwarded-Host")).containsExactly("shop.test");
        assertThat(head.all("X-Forwarded-Port")).containsExactly("443");
    }

    @Test
    void severalLinesOfATrustedProxyKeepTheirOrder() throws Exception {
        MessageHead head =
                forwardedFromTrusted("X-Forwarded-For: 198.51.100.7, 203.0.113.1", "X-Forwarded-For: 203.0.113.2");

        assertThat(String.join(", ", head.all("X-Forwarded-For")))
                .isEqualTo("198.51.100.7, 203.0.113.1, 203.0.113.2, 127.0.0.1");
    }

    @Test
    void aTrustedProxyThatSaysNothingGetsTheLinesAsAnyone() throws Exception {
        MessageHead head = forwardedFromTrusted();

        assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(head.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(head.all("X-Forwarded-Host")).containsExactly("a.test");
    }

    @Test
    void aPeerOutsideTheTrustedNetworksIsNotBelieved() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).trusted("10.0.0.0/8").trusted("192.168.0.0/16"));

        assertThat(send("X-Forwarded-For: 6.6.6.6").all("X-Forwarded-For")).containsExactly("127.0.0.1");
    }

    @Test
    void namesThatAnApplicationMayTakeForForwardingLinesDoNotPass() throws Exception {
        // CGI and WSGI make HTTP_X_FORWARDED_FOR of both spellings.
        MessageHead head = forwarded(
                "X_Forwarded_For: 6.6.6.6",
                "X-Forwarded_Proto: https",
                "x_forwarded-host: evil.test",
                "X_FORWARDED_PORT: 1",
                "X_Request_Id: evil");

        assertThat(linesOfTheClient(head)).containsExactly("Host: a.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc-123", "0af7651916cd43dd8448eb211c80319c", "A.b_c-9"})
    void aValidRequestIdIsPassedOn(String id) throws Exception {
        assertThat(forwarded("X-Request-Id: " + id).all("X-Request-Id")).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "has space", "quote\"quote", "<script>", "semi;colon", "tab\tbed", "\u00e9"})
    void anInvalidRequestIdIsReplaced(String id) throws Exception {
        MessageHead head = forwarded("X-Request-Id: " + id);

        assertThat(head.all("X-Request-Id")).hasSize(1).doesNotContain(id);
        assertThat(head.value("X-Request-Id")).matches("[A-Za-z0-9._-]{8,128}");
    }

    @Test
    void aRequestIdThatIsTooLongIsReplaced() throws Exception {
        String id = "a".repeat(1000);

        assertThat(forwarded("X-Request-Id: " + id).value("X-Request-Id")).hasSizeBetween(8, 128);
    }

    @Test
    void severalRequestIdsBecomeOne() throws Exception {
        assertThat(forwarded("X-Request-Id: abc-1", "X-Request-Id: abc-2").all("X-Request-Id"))
                .hasSize(1);
    }

    @Test
    void everyRequestGetsAnIdOfItsOwn() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));

        assertThat(List.of(send().value("X-Request-Id"), send().value("X-Request-Id"), send().value("X-Request-Id")))
                .doesNotHaveDuplicates();
    }

    @Test
    void ofTeOnlyTrailersPasses() throws Exception {
        MessageHead head = forwarded("Connection: TE", "TE: trailers, deflate;q=0.5");

        assertThat(head.all("TE")).isSubsetOf("trailers");
    }

    @Test
    void teWithoutTrailersDoesNotPass() throws Exception {
        assertThat(forwarded("TE: gzip, deflate;q=0.5").has("TE")).isFalse();
    }

    @Test
    void aRequestWithoutBodyGetsNoFraming() throws Exception {
        MessageHead head = forwarded();

        assertThat(head.has("Content-Length")).isFalse();
        assertThat(head.has("Transfer-Encoding")).isFalse();
    }

    @Test
    void hopByHopLinesOfTheResponseAreRemovedAndTheOthersKept() throws Exception {
        RecordingOrigin chatty = proxy.with(RecordingOrigin.answering("HTTP/1.1 200 Fine By Me\r\n"
                + "dATE: Sat, 21 Nov 2026 00:00:00 GMT\r\nServer: mine\r\nSet-Cookie: a=1\r\n"
                + "Connection: keep-alive, X-Private\r\nKeep-Alive: timeout=5\r\nX-Private: 1\r\n"
                + "Proxy-Connection: keep-alive\r\nSet-Cookie: b=2\r\nX-Bytes: \u00e9\r\nContent-Length: 2\r\n\r\nok"));
        proxy.start(SpecBuilder.webTo(chatty.address()));

        MessageHead head = proxy.client().get("a.test", "/").head();

        assertThat(head.startLine()).isEqualTo("HTTP/1.1 200 Fine By Me");
        assertThat(head.lines())
                .containsExactly(
                        "dATE: Sat, 21 Nov 2026 00:00:00 GMT",
                        "Server: mine",
                        "Set-Cookie: a=1",
                        "Set-Cookie: b=2",
                        "X-Bytes: \u00e9",
                        "Content-Length: 2");
    }

    @Test
    void aResponseWithoutReasonPhrasePasses() throws Exception {
        RecordingOrigin terse = proxy.with(RecordingOrigin.answering("HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok"));
        proxy.start(SpecBuilder.webTo(terse.address()));

        assertThat(proxy.client().get("a.test", "/").head().startLine().trim()).isEqualTo("HTTP/1.1 200");
    }

    @Test
    void theOriginIsAskedInHttp11WhateverTheClientSpeaks() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head("GET / HTTP/1.0", "Host: a.test");

        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().head().startLine()).isEqualTo("GET / HTTP/1.1");
    }
}
