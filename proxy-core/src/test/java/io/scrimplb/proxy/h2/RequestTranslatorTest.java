package io.scrimplb.proxy.h2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.partners.Hpack;
import io.scrimplb.proxy.spec.LimitSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9113, 8.2 and 8.3: what is a request, and what it looks like in HTTP/1.1. */
class RequestTranslatorTest {
    private static final String[] GET = {":method: GET", ":scheme: http", ":authority: a.test", ":path: /"};

    private final RequestTranslator translator = new RequestTranslator();

    private @Nullable String fault(boolean ends, String... fields) {
        return translator.translate(Sections.of(fields), false, ends);
    }

    private String form(String... fields) {
        assertThat(fault(true, fields)).isNull();
        assertThat(translator.refusal()).isNull();
        return text();
    }

    private String text() {
        return new String(translator.form().array(), 0, translator.form().length(), ISO_8859_1);
    }

    /** How the whole way refuses it: by this translation, or by the parser of what it makes. */
    private @Nullable LocalReply refusal(String... fields) {
        assertThat(fault(true, fields)).isNull();
        LocalReply refusal = translator.refusal();
        return refusal != null
                ? refusal
                : new RequestHead()
                        .parse(translator.form().array(), translator.form().length(), LimitSpec.defaults());
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void aRequestBecomesOneOfHttp11() {
        assertThat(form(with(GET, "accept: */*", "x-empty: ", "x-bytes: \u00e9\u00ff")))
                .isEqualTo(
                        "GET / HTTP/1.1\r\nhost: a.test\r\naccept: */*\r\nx-empty: \r\nx-bytes: \u00e9\u00ff\r\n\r\n");
    }

    @Test
    void theOrderOfPseudoHeadersDoesNotMatter() {
        assertThat(form(":path: /p?q", ":authority: a.test", ":scheme: http", ":method: PUT"))
                .isEqualTo("PUT /p?q HTTP/1.1\r\nhost: a.test\r\n\r\n");
    }

    @Test
    void crumbsOfACookieAreJoined() {
        assertThat(form(with(GET, "cookie: a=b", "x: y", "cookie: c=d", "cookie: e=f")))
                .isEqualTo("GET / HTTP/1.1\r\nhost: a.test\r\nx: y\r\ncookie: a=b; c=d; e=f\r\n\r\n");
    }

    @Test
    void hostServesWhereNoAuthorityIsGiven() {
        assertThat(form(":method: GET", ":scheme: http", ":path: /", "host: b.test"))
                .isEqualTo("GET / HTTP/1.1\r\nhost: b.test\r\n\r\n");
    }

    @Test
    void anAuthorityAndTheSameHostAreWrittenOnce() {
        assertThat(form(with(GET, "host: A.test"))).isEqualTo("GET / HTTP/1.1\r\nhost: a.test\r\n\r\n");
    }

    @Test
    void optionsOfTheServerAsAWhole() {
        assertThat(form(":method: OPTIONS", ":scheme: http", ":authority: a.test", ":path: *"))
                .startsWith("OPTIONS * HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no :method | :scheme: http; :authority: a; :path: /",
                "no :scheme or no :path | :method: GET; :authority: a; :path: /",
                "no :scheme or no :path | :method: GET; :scheme: http; :authority: a",
                "a pseudo-header field twice | :method: GET; :method: GET; :scheme: http; :authority: a; :path: /",
                "a pseudo-header field twice | :method: GET; :scheme: http; :scheme: http; :authority: a; :path: /",
                "a pseudo-header field twice | :method: GET; :scheme: http; :authority: a; :authority: a; :path: /",
                "a pseudo-header field twice | :method: GET; :scheme: http; :authority: a; :path: /; :path: /",
                "an unknown pseudo-header field | :method: GET; :scheme: http; :authority: a; :path: /; :fragment: x",
                "an unknown pseudo-header field | :status: 200; :method: GET; :scheme: http; :authority: a; :path: /",
                "a pseudo-header field behind a regular one | :method: GET; :scheme: http; x: y; :path: /",
                "a field name in upper case | :Method: GET; :scheme: http; :path: /",
                "a :protocol without CONNECT | :method: GET; :protocol: websocket; :scheme: http; :authority: a; :path: /",
                "a CONNECT with a :scheme or :path, or without an :authority | :method: CONNECT; :authority: a:1; :path: /",
                "a CONNECT with a :scheme or :path, or without an :authority | :method: CONNECT; :authority: a:1; :scheme: http",
                "a CONNECT with a :scheme or :path, or without an :authority | :method: CONNECT; host: a",
                "a :path that does not begin with a slash | :method: GET; :scheme: http; :authority: a; :path: http://b/",
                "a :path that does not begin with a slash | :method: GET; :scheme: http; :authority: a; :path: *",
                "a :path that does not begin with a slash | :method: GET; :scheme: http; :authority: a; :path: x",
            })
    void badPseudoHeadersAreMalformed(String fault, String fields) {
        assertThat(fault(true, fields.split("; "))).isEqualTo(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/ HTTP/1.1\r\nx: y", "/a b", "/a\tb", "/a\0", "/a#b", "/\u00e9", "/a\nb", "/a\rb"})
    void aPathThatIsNoneOrWouldEndTheRequestLineIsMalformed(String path) {
        assertThat(fault(true, ":method: GET", ":scheme: http", ":authority: a", ":path: " + path))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /admin HTTP/1.1\r\nx: ", "G T", "G\r\n", "G\0", "G:T", "\u00e9"})
    void aMethodThatIsNoTokenIsMalformed(String method) {
        assertThat(fault(true, ":method: " + method, ":scheme: http", ":authority: a", ":path: /"))
                .isNotNull();
    }

    @Test
    void noByteOutsideATokenAndNoUpperCaseLetterMayBeInAName() {
        for (int c = 0; c < 256; c++) {
            boolean fine = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz".indexOf(c) >= 0;
            byte[] block = Hpack.concat(Hpack.block(GET), Hpack.field("x" + (char) c, "y"));
            FieldSection section = Sections.decode(LimitSpec.defaults(), block);

            String fault = translator.translate(section, false, true);

            assertThat(fault == null).as("byte " + c + ": " + fault).isEqualTo(fine);
        }
    }

    @Test
    void noControlCharacterButTheTabMayBeInAValueAndNoWhiteSpaceAroundIt() {
        for (int c = 0; c < 256; c++) {
            boolean fine = c == '\t' || (c >= 0x20 && c != 0x7f);
            for (String place : new String[] {"a%sb", "%sb", "a%s"}) {
                boolean blank = c == ' ' || c == '\t';
                String value = place.replace("%s", String.valueOf((char) c));
                byte[] block = Hpack.concat(Hpack.block(GET), Hpack.field("x", value));
                FieldSection section = Sections.decode(LimitSpec.defaults(), block);

                String fault = translator.translate(section, false, true);

                assertThat(fault == null)
                        .as("byte " + c + " in " + place + ": " + fault)
                        .isEqualTo(fine && !(blank && place.length() < 4));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection: close",
                "connection: keep-alive",
                "keep-alive: timeout=5",
                "proxy-connection: keep-alive",
                "transfer-encoding: chunked",
                "transfer-encoding: identity",
                "upgrade: websocket",
                "te: gzip",
                "te: trailers, gzip",
                "te: ",
            })
    void fieldsOfAnHttp1ConnectionAreMalformed(String field) {
        assertThat(fault(true, with(GET, field))).isNotNull();
    }

    @Test
    void teMayAskForTrailers() {
        assertThat(form(with(GET, "te: trailers"))).contains("te: trailers\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1 ", "0x1", "1,1", "a", "1234567890123456789"})
    void aContentLengthThatIsNoNumberIsMalformed(String length) {
        assertThat(fault(false, with(GET, "content-length: " + length))).isNotNull();
    }

    @Test
    void aContentLengthTwiceMustBeTheSame() {
        assertThat(fault(false, with(GET, "content-length: 1", "content-length: 2")))
                .isEqualTo("two different content-length");
        assertThat(fault(false, with(GET, "content-length: 2", "content-length: 2")))
                .isNull();
        assertThat(translator.contentLength()).isEqualTo(2);
    }

    @Test
    void aContentLengthWithoutDataIsMalformed() {
        assertThat(fault(true, with(GET, "content-length: 1"))).isEqualTo("a content-length without data");
        assertThat(fault(true, with(GET, "content-length: 0"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"host: b.test", "host: a.test:80", "host: "})
    void anAuthorityAndAnotherHostAreRefused(String host) {
        assertThat(refusal(with(GET, host)))
                .extracting(LocalReply::status, LocalReply::message)
                .containsExactly(400, "the authority and the Host header disagree");
    }

    @Test
    void twoHostFieldsAreRefused() {
        assertThat(refusal(with(GET, "host: a.test", "host: a.test")))
                .extracting(LocalReply::status)
                .isEqualTo(400);
        assertThat(refusal(":method: GET", ":scheme: http", ":path: /", "host: a.test", "host: a.test"))
                .extracting(LocalReply::status)
                .isEqualTo(400);
    }

    @Test
    void aRequestForNoHostIsRefused() {
        assertThat(refusal(":method: GET", ":scheme: http", ":path: /"))
                .extracting(LocalReply::status)
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "user@a.test", "a.test/x", "a test", "a.test:port", "a..test", "[::1"})
    void anAuthorityThatIsNoneIsRefused(String authority) {
        assertThat(refusal(":method: GET", ":scheme: http", ":authority: " + authority, ":path: /"))
                .extracting(LocalReply::status)
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "http, false, true",
        "https, false, true",
        "ftp, false, false",
        "HTTP, false, false",
        "http, true, false",
        "https, true, true"
    })
    void theSchemeMustBeTheOneOfTheListener(String scheme, boolean secure, boolean fine) {
        String fault = translator.translate(
                Sections.of(":method: GET", ":scheme: " + scheme, ":authority: a", ":path: /"), secure, true);

        assertThat(fault).isNull();
        assertThat(translator.refusal()).isEqualTo(fine ? null : LocalReply.MISDIRECTED);
    }

    @Test
    void aPlainConnectIsWellFormedAndRefusedByTheParser() {
        assertThat(refusal(":method: CONNECT", ":authority: a.test:443"))
                .extracting(LocalReply::status)
                .isEqualTo(400);
    }

    @Test
    void aWebSocketBecomesAnUpgradeWithAKey() {
        assertThat(fault(
                        false,
                        ":method: CONNECT",
                        ":protocol: websocket",
                        ":scheme: http",
                        ":authority: a.test",
                        ":path: /chat",
                        "sec-websocket-version: 13",
                        "sec-websocket-key: c3RyYW5nZXIncyBrZXkhIQ=="))
                .isNull();
        String key = new String(translator.webSocketKey(), ISO_8859_1);
        assertThat(Base64.getDecoder().decode(key)).hasSize(16);
        assertThat(text())
                .isEqualTo("GET /chat HTTP/1.1\r\nhost: a.test\r\nsec-websocket-version: 13\r\n"
                        + "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: " + key + "\r\n\r\n");
    }

    @Test
    void anotherProtocolThanWebSocketIsNotKnown() {
        assertThat(fault(
                        false,
                        ":method: CONNECT",
                        ":protocol: connect-udp",
                        ":scheme: http",
                        ":authority: a.test",
                        ":path: /"))
                .isNull();
        assertThat(translator.refusal()).extracting(LocalReply::status).isEqualTo(501);
    }

    @Test
    void anExtendedConnectNeedsAuthorityAndAnOpenStream() {
        String[] fields = {":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path: /"};
        assertThat(fault(false, fields)).isNotNull();
        assertThat(fault(true, with(fields, ":authority: a"))).isNotNull();
        assertThat(fault(false, with(fields, ":authority: a", "content-length: 0")))
                .isNotNull();
    }

    @Test
    void aKeyAndItsAnswerAreThoseOfTheRfc() {
        byte[] key = "dGhlIHNhbXBsZSBub25jZQ==".getBytes(ISO_8859_1);
        assertThat(new String(WebSocketKey.accept(key), ISO_8859_1)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void aSectionOverALimitIsKnownToBe() {
        LimitSpec limits = new LimitSpec(1024, 5, 10);
        byte[] most = Hpack.block(with(GET, "a: 1", "b: 2", "c: 3", "d: 4", "e: 5"));
        assertThat(Sections.decode(limits, most).overflown()).isFalse();
        assertThat(Sections.decode(limits, Hpack.concat(most, Hpack.block("f: 6")))
                        .overflown())
                .as("a line more")
                .isTrue();
        assertThat(Sections.decode(limits, Hpack.concat(most, Hpack.block("cookie: 6", "cookie: 7")))
                        .overflown())
                .as("crumbs of one cookie")
                .isFalse();
        assertThat(Sections.decode(limits, Hpack.concat(Hpack.block(GET), Hpack.block("a: " + "x".repeat(1024))))
                        .overflown())
                .as("bytes")
                .isTrue();
        String[] crumbs = new String[40];
        java.util.Arrays.fill(crumbs, "cookie: ");
        assertThat(Sections.decode(limits, Hpack.block(crumbs)).overflown())
                .as("crumbs without end")
                .isTrue();
    }
}
