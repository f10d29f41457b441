package io.scrimplb.proxy.strict;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.behaviour.EveryTransport;
import io.scrimplb.proxy.partners.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Chunked bodies of requests (RFC 9112 section 7.1): whatever two programs could cut in two ways is refused. */
@Timeout(60)
class ChunkedRequestTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String SIZE = "a chunk size is not valid";
    private static final String LINE_END = "a chunk does not end in CRLF";
    private static final String EXTENSION = "a chunk extension is not valid";

    private static Case bad(String name, String source, String chunks, String reason) {
        return Case.refused(name, source, Wire.chunked(chunks) + Wire.SMUGGLED, reason);
    }

    private static Case passes(String name, String source, String chunks, String arrived) {
        return Case.passes(name, source, Wire.chunked(chunks), Wire.chunkedArrived(arrived));
    }

    private static Case kept(String name, String source, String chunks) {
        return passes(name, source, chunks, chunks);
    }

    /** Refused before any byte reaches the origin when they come with the head. */
    static Stream<Case> bad() {
        return Stream.of(
                bad("a size with 0x", "RFC 9112 7.1, TE parsing", "0x5\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a last chunk with 0x", "RFC 9112 7.1, TE parsing", "0x0\r\n\r\n", SIZE),
                bad("a size with a plus", "RFC 9112 7.1", "+5\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a negative size", "RFC 9112 7.1", "-5\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a space before a size", "RFC 9112 7.1", " 5\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a space behind a size", "RFC 9112 7.1", "5 \r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a tab behind a size", "RFC 9112 7.1", "5\t\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a space before an extension", "RFC 9112 7.1.1", "5 ;a=b\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a vertical tab behind a size", "RFC 9112 7.1", "5\u000b\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a NUL behind a size", "RFC 9112 7.1", "5\0\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a no-break space behind a size", "RFC 9112 7.1", "5\u00a0\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a digit of another script", "RFC 9112 7.1", "\u00d9\u00a5\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a size with an underscore", "RFC 9112 7.1", "0_5\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a size with a comma", "RFC 9112 7.1", "5,5\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a size in quotes", "RFC 9112 7.1", "\"5\"\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a size that is no number", "RFC 9112 7.1", "g\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a size with a letter too much", "RFC 9112 7.1", "5g\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("an empty size", "RFC 9112 7.1", "\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a size that is only an extension", "RFC 9112 7.1.1", ";a=b\r\nhello\r\n0\r\n\r\n", SIZE),
                bad("a size of sixteen Fs", "chunk size overflow", "F".repeat(16) + "\r\nhello\r\n0\r\n\r\n", SIZE),
                bad(
                        "a size that wraps to five",
                        "chunk size overflow, Grenfeldt 2021",
                        "10000000000000005\r\nhello\r\n0\r\n\r\n",
                        SIZE),
                bad("a size that wraps to zero", "chunk size overflow", "10000000000000000\r\n\r\n", SIZE),
                bad(
                        "a size of sixteen digits, most of them zero",
                        "chunk size overflow",
                        "0".repeat(15) + "5\r\nhello\r\n0\r\n\r\n",
                        SIZE),
                bad(
                        "a size of a thousand digits",
                        "chunk size overflow",
                        "0".repeat(1000) + "5\r\nhello\r\n0\r\n\r\n",
                        SIZE),
                bad("a bare LF behind a size", "bare LF", "5\nhello\r\n0\r\n\r\n", SIZE),
                bad("a bare LF behind the last size", "bare LF", "5\r\nhello\r\n0\n\r\n", SIZE),
                bad("bare LF throughout", "bare LF", "5\nhello\n0\n\n", SIZE),
                bad("a bare CR behind a size", "bare CR", "5\rhello\r\n0\r\n\r\n", LINE_END),
                bad("two CR behind a size", "bare CR", "5\r\r\nhello\r\n0\r\n\r\n", LINE_END),
                bad("data longer than its size", "RFC 9112 7.1", "5\r\nhello!\r\n0\r\n\r\n", LINE_END),
                bad("data shorter than its size", "RFC 9112 7.1", "5\r\nhell\r\n0\r\n\r\n", LINE_END),
                bad("a bare LF behind data", "ONE.TWO, Weikop 2025", "5\r\nhello\n2\r\n45\r\n0\r\n\r\n", LINE_END),
                bad("a bare CR behind data", "ONE.TWO, Weikop 2025", "5\r\nhello\r0\r\n\r\n", LINE_END),
                bad("nothing behind data", "ZERO.TWO, Weikop 2025", "5\r\nhello0\r\n\r\n", LINE_END),
                bad(
                        "two bytes behind data that are no line end",
                        "TERM.SPILL, Weikop 2025",
                        "5\r\nhelloXX0\r\n\r\n",
                        LINE_END),
                bad("LF and CR behind data", "SPILL.TERM, Weikop 2025", "5\r\nhello\n\r0\r\n\r\n", LINE_END),
                bad("two line ends behind a size", "dual terminator", "5\r\n\r\nhello\r\n0\r\n\r\n", LINE_END),
                bad("two line ends behind data", "dual terminator, TWO.ZERO", "5\r\nhello\r\n\r\n0\r\n\r\n", SIZE),
                bad(
                        "a bare LF that ends an extension",
                        "TERM.EXT, Weikop 2025",
                        "2;\nxx\r\n10\r\n\r\nGET /smuggled \r\n0\r\n\r\n",
                        EXTENSION),
                bad(
                        "a bare LF inside an extension",
                        "EXT.TERM, Weikop 2025",
                        "5;a=\n2\r\nhello\r\n0\r\n\r\n",
                        EXTENSION),
                bad("a bare LF inside the last extension", "EXT.TERM, Weikop 2025", "0;a\n\r\n\r\n", EXTENSION),
                bad("a bare CR inside an extension", "EXT.TERM, Weikop 2025", "5;a\rb\r\nhello\r\n0\r\n\r\n", LINE_END),
                bad(
                        "a line end inside a quoted extension",
                        "EXT.TERM, Weikop 2025",
                        "5;a=\"\r\nhello\"\r\n0\r\n\r\n",
                        LINE_END),
                bad("a NUL inside an extension", "RFC 9112 7.1.1", "5;a\0b\r\nhello\r\n0\r\n\r\n", EXTENSION),
                bad(
                        "a vertical tab inside an extension",
                        "RFC 9112 7.1.1",
                        "5;a\u000bb\r\nhello\r\n0\r\n\r\n",
                        EXTENSION),
                bad("a DEL inside an extension", "RFC 9112 7.1.1", "5;a\u007f\r\nhello\r\n0\r\n\r\n", EXTENSION),
                bad(
                        "an extension of 257 bytes",
                        "RFC 9112 7.1.1",
                        "5;" + "x".repeat(257) + "\r\nhello\r\n0\r\n\r\n",
                        EXTENSION),
                bad("two CR at the very end", "bare CR", "0\r\n\r\r\n", LINE_END),
                bad("a bare CR at the very end", "bare CR", "0\r\n\r", LINE_END),
                bad("a bare LF at the very end", "bare LF", "0\r\n\n", "trailer: a bare CR or LF"));
    }

    static Stream<Case> passing() {
        return Stream.of(
                kept("one chunk", "RFC 9112 7.1", "5\r\nhello\r\n0\r\n\r\n"),
                kept("no data at all", "RFC 9112 7.1", "0\r\n\r\n"),
                kept(
                        "sizes in capitals and with zeros in front",
                        "RFC 9112 7.1",
                        "0B\r\nhello world\r\n00b\r\nhello world\r\n0\r\n\r\n"),
                kept(
                        "fifteen digits, most of them zero",
                        "RFC 9112 7.1",
                        "0".repeat(14) + "5\r\nhello\r\n" + "0".repeat(15) + "\r\n\r\n"),
                kept("data that looks like the end", "RFC 9112 7.1", "9\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n"),
                kept(
                        "data that looks like a request",
                        "TE.CL",
                        Integer.toHexString(Wire.SMUGGLED.length()) + "\r\n" + Wire.SMUGGLED + "\r\n0\r\n\r\n"),
                passes(
                        "extensions go",
                        "RFC 9112 7.1.1",
                        "3;a=b;c=\"d;e\"\r\nabc\r\n2;x\r\nde\r\n0;last\r\n\r\n",
                        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
                passes(
                        "an extension without a name goes",
                        "RFC 9112 7.1.1",
                        "5;\r\nhello\r\n0;\r\n\r\n",
                        "5\r\nhello\r\n0\r\n\r\n"),
                passes(
                        "an extension with white space goes",
                        "RFC 9112 7.1.1",
                        "5; a = b\t\r\nhello\r\n0\r\n\r\n",
                        "5\r\nhello\r\n0\r\n\r\n"),
                passes(
                        "an extension that looks like a size goes",
                        "TERM.EXT",
                        "5;6\r\nhello\r\n0\r\n\r\n",
                        "5\r\nhello\r\n0\r\n\r\n"),
                passes(
                        "a quote that is not closed goes",
                        "RFC 9112 7.1.1",
                        "5;a=\"\r\nhello\r\n0\r\n\r\n",
                        "5\r\nhello\r\n0\r\n\r\n"),
                passes(
                        "an extension of 256 bytes goes",
                        "RFC 9112 7.1.1",
                        "5;" + "x".repeat(256) + "\r\nhello\r\n0\r\n\r\n",
                        "5\r\nhello\r\n0\r\n\r\n"));
    }

    static Stream<Case> cases() {
        return Stream.concat(bad(), passing());
    }

    /** The head is out already: the origin gets nothing more than it, and no end. */
    @ParameterizedTest(name = "{0}, behind its head")
    @MethodSource("bad")
    void isCutOffWhenItComesBehindItsHead(Case played) throws Exception {
        String head = Wire.post("Transfer-Encoding: chunked");
        String rest = played.sent().get(0).substring(head.length());

        PROXY.verify(played.sends(head, rest).arrived(Wire.chunkedArrived("")));
    }

    @EveryTransport
    void isReadAlikeOnEveryTransport(Transport transport) throws Exception {
        try (StrictProxy proxy = StrictProxy.started(transport)) {
            for (Case played : cases().toList()) {
                proxy.verify(played);
            }
        }
    }

    /** One byte of data a chunk, and as much beside it as a chunk may have: work for nothing (CVE-2023-39326). */
    private static String wasteful(int chunks) {
        return ("1;" + "x".repeat(256) + "\r\n.\r\n").repeat(chunks);
    }

    @Test
    void extensionsThatOutweighTheDataAreRefusedInTheEnd() throws Exception {
        PROXY.origin().begin(Script.OK);
        try (RawClient client = PROXY.client()) {
            client.sendAsFarAsTaken(Wire.chunked(wasteful(65) + "0\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));

            assertThat(client.untilClosed())
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains(EXTENSION);
        }
        PROXY.origin().settle();
        assertThat(PROXY.origin().recorded())
                .as("never a whole request")
                .allSatisfy(raw -> assertThat(raw).doesNotContain("0\r\n\r\n"));
    }

    @Test
    void extensionsThatTheDataOutweighsMayGoOnForEver() throws Exception {
        String data = "x".repeat(256);
        String chunks = ("100;" + data + "\r\n" + data + "\r\n").repeat(200) + wasteful(64) + "0\r\n\r\n";
        String arrived = ("100\r\n" + data + "\r\n").repeat(200) + "1\r\n.\r\n".repeat(64) + "0\r\n\r\n";

        PROXY.verify(passes("extensions as long as the data", "CVE-2023-39326", chunks, arrived));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isCutOneWayOrRefused(Case played) throws Exception {
        PROXY.verify(played);
    }
}
