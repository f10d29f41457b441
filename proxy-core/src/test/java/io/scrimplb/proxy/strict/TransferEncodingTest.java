package io.scrimplb.proxy.strict;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transfer-Encoding is one word, chunked, in HTTP/1.1, alone (RFC 9112 section 6.1); its disguises are refused. */
@Timeout(60)
class TransferEncodingTest {
    @RegisterExtension
    static final StrictProxy PROXY = StrictProxy.withDefaults();

    private static final String ONLY_CHUNKED = "Transfer-Encoding other than one chunked";
    private static final String CONFLICT = "Transfer-Encoding together with Content-Length, or before HTTP/1.1";
    private static final String CONTROL = "a header value holds a control character or a bare CR or LF";
    private static final String BAD_NAME = "a header line without a valid name";
    private static final String SPACE = "a space before the colon of a header";
    private static final String FOLDED = "a folded header line";
    private static final String CHUNKS = "5\r\nhello\r\n0\r\n\r\n";

    private static Case refused(String name, String source, String reason, String... lines) {
        return Case.refused(name, source, Wire.post(lines) + CHUNKS + Wire.SMUGGLED, reason);
    }

    /** One of the disguises that make one of two parsers overlook the coding. */
    private static Case tete(String name, String reason, String... lines) {
        return refused(name, "TE.TE, Kettle 2019, Smuggler 2020", reason, lines);
    }

    private static Case chunked(String name, String source, String... lines) {
        return Case.passes(name, source, Wire.post(lines) + CHUNKS, Wire.chunkedArrived(CHUNKS));
    }

    /** A name that is another field to us, and the length beside it the framing: both programs must see it so. */
    private static Case length(String name, String source, String line, String... arrived) {
        String[] lines = new String[arrived.length + 3];
        lines[0] = "POST / HTTP/1.1";
        lines[1] = "Host: a.test";
        System.arraycopy(arrived, 0, lines, 2, arrived.length);
        lines[lines.length - 1] = "Content-Length: " + CHUNKS.length();
        return Case.passes(
                name,
                source,
                Wire.post(line, "Content-Length: " + CHUNKS.length()) + CHUNKS,
                Wire.arrived(lines) + CHUNKS);
    }

    static Stream<Case> cases() {
        return Stream.of(
                refused(
                        "a length and chunked",
                        "CL.TE, RFC 9112 6.1",
                        CONFLICT,
                        "Content-Length: 5",
                        "Transfer-Encoding: chunked"),
                refused(
                        "chunked and a length",
                        "TE.CL, RFC 9112 6.1",
                        CONFLICT,
                        "Transfer-Encoding: chunked",
                        "Content-Length: 5"),
                refused(
                        "chunked and a length of zero",
                        "TE.0",
                        CONFLICT,
                        "Transfer-Encoding: chunked",
                        "Content-Length: 0"),
                refused(
                        "a length of zero and chunked",
                        "0.TE",
                        CONFLICT,
                        "Content-Length: 0",
                        "Transfer-Encoding: chunked"),
                refused(
                        "chunked and a length that is none",
                        "TE.CL",
                        "Content-Length is not a number",
                        "Transfer-Encoding: chunked",
                        "Content-Length: x"),
                Case.refused(
                        "the classic CL.TE prefix",
                        "CL.TE, Kettle 2019",
                        Wire.post("Content-Length: 6", "Transfer-Encoding: chunked") + "0\r\n\r\nG",
                        CONFLICT),
                Case.refused(
                        "the classic TE.CL prefix",
                        "TE.CL, Kettle 2019",
                        Wire.post("Content-Length: 3", "Transfer-Encoding: chunked") + "1\r\nG\r\n0\r\n\r\n",
                        CONFLICT),
                Case.refused(
                        "GET with both",
                        "CL.TE",
                        Wire.get("Content-Length: 5", "Transfer-Encoding: chunked") + CHUNKS,
                        CONFLICT),
                refused(
                        "named in Connection, with a length",
                        "HHA 2020",
                        CONFLICT,
                        "Connection: Transfer-Encoding",
                        "Transfer-Encoding: chunked",
                        "Content-Length: 5"),
                refused(
                        "with a length named in Connection",
                        "HHA 2020",
                        CONFLICT,
                        "Connection: Content-Length",
                        "Transfer-Encoding: chunked",
                        "Content-Length: 5"),
                Case.refused(
                        "chunked in HTTP/1.0",
                        "RFC 9112 6.1",
                        Wire.head("POST / HTTP/1.0", "Host: a.test", "Transfer-Encoding: chunked") + CHUNKS,
                        CONFLICT),
                Case.refused(
                        "chunked in HTTP/1.0 with a length",
                        "RFC 9112 6.1",
                        Wire.head("POST / HTTP/1.0", "Host: a.test", "Transfer-Encoding: chunked", "Content-Length: 5")
                                + CHUNKS,
                        CONFLICT),
                Case.refused(
                        "chunked in HTTP/1.0 with keep-alive",
                        "RFC 9112 6.1",
                        Wire.head(
                                        "POST / HTTP/1.0",
                                        "Host: a.test",
                                        "Connection: keep-alive",
                                        "Transfer-Encoding: chunked")
                                + CHUNKS,
                        CONFLICT),
                tete("another coding", ONLY_CHUNKED, "Transfer-Encoding: gzip"),
                tete("identity", ONLY_CHUNKED, "Transfer-Encoding: identity"),
                tete("chunked not last", ONLY_CHUNKED, "Transfer-Encoding: chunked, gzip"),
                tete("chunked behind another coding", ONLY_CHUNKED, "Transfer-Encoding: gzip, chunked"),
                tete("chunked behind identity", ONLY_CHUNKED, "Transfer-Encoding: identity, chunked"),
                tete("chunked before identity", ONLY_CHUNKED, "Transfer-Encoding: chunked, identity"),
                tete("chunked before a word nobody knows", ONLY_CHUNKED, "Transfer-Encoding: chunked, cow"),
                tete("chunked twice in a line", ONLY_CHUNKED, "Transfer-Encoding: chunked, chunked"),
                tete(
                        "chunked twice in two lines",
                        ONLY_CHUNKED,
                        "Transfer-Encoding: chunked",
                        "Transfer-Encoding: chunked"),
                tete(
                        "chunked and a word nobody knows in two lines",
                        ONLY_CHUNKED,
                        "Transfer-Encoding: chunked",
                        "Transfer-Encoding: cow"),
                tete(
                        "a word nobody knows and chunked in two lines",
                        ONLY_CHUNKED,
                        "Transfer-Encoding: cow",
                        "Transfer-Encoding: chunked"),
                tete(
                        "chunked and identity in two lines",
                        ONLY_CHUNKED,
                        "Transfer-Encoding: chunked",
                        "Transfer-Encoding: identity"),
                tete(
                        "chunked and an empty line of the same name",
                        ONLY_CHUNKED,
                        "Transfer-Encoding: chunked",
                        "Transfer-Encoding:"),
                tete(
                        "chunked in two lines of different case",
                        ONLY_CHUNKED,
                        "Transfer-Encoding: chunked",
                        "transfer-encoding: x"),
                tete("a letter before", ONLY_CHUNKED, "Transfer-Encoding: xchunked"),
                tete("a letter behind", ONLY_CHUNKED, "Transfer-Encoding: chunkedx"),
                tete("a letter less", ONLY_CHUNKED, "Transfer-Encoding: chunke"),
                tete("the beginning alone", ONLY_CHUNKED, "Transfer-Encoding: chunk"),
                tete("a dash behind", ONLY_CHUNKED, "Transfer-Encoding: chunked-"),
                tete("in quotes", ONLY_CHUNKED, "Transfer-Encoding: \"chunked\""),
                tete("in single quotes", ONLY_CHUNKED, "Transfer-Encoding: 'chunked'"),
                tete("in brackets", ONLY_CHUNKED, "Transfer-Encoding: [chunked]"),
                tete("with a parameter", ONLY_CHUNKED, "Transfer-Encoding: chunked;q=1"),
                tete("with a semicolon", ONLY_CHUNKED, "Transfer-Encoding: chunked;"),
                tete("with a comma behind", ONLY_CHUNKED, "Transfer-Encoding: chunked,"),
                tete("with a comma before", ONLY_CHUNKED, "Transfer-Encoding: ,chunked"),
                tete("with a colon before", ONLY_CHUNKED, "Transfer-Encoding:: chunked"),
                tete("with a space inside", ONLY_CHUNKED, "Transfer-Encoding: chun ked"),
                tete("empty", ONLY_CHUNKED, "Transfer-Encoding:"),
                tete("a no-break space before", ONLY_CHUNKED, "Transfer-Encoding: \u00a0chunked"),
                tete("a no-break space behind", ONLY_CHUNKED, "Transfer-Encoding: chunked\u00a0"),
                tete("a UTF-8 no-break space before", ONLY_CHUNKED, "Transfer-Encoding: \u00c2\u00a0chunked"),
                tete("a next-line byte behind", ONLY_CHUNKED, "Transfer-Encoding: chunked\u0085"),
                tete("a byte above 127 behind", ONLY_CHUNKED, "Transfer-Encoding: chunked\u00ff"),
                tete("a letter with the high bit set", ONLY_CHUNKED, "Transfer-Encoding: \u00e3hunked"),
                tete("a letter that folds to k", ONLY_CHUNKED, "Transfer-Encoding: chun\u00e2\u0084\u00aaed"),
                tete("a vertical tab before", CONTROL, "Transfer-Encoding: \u000bchunked"),
                tete("a vertical tab behind", CONTROL, "Transfer-Encoding: chunked\u000b"),
                tete("a vertical tab in place of the space", CONTROL, "Transfer-Encoding:\u000bchunked"),
                tete("a form feed before", CONTROL, "Transfer-Encoding: \fchunked"),
                tete("a form feed behind", CONTROL, "Transfer-Encoding: chunked\f"),
                tete("a NUL before", CONTROL, "Transfer-Encoding: \0chunked"),
                tete("a NUL behind", CONTROL, "Transfer-Encoding: chunked\0"),
                tete("a DEL behind", CONTROL, "Transfer-Encoding: chunked\u007f"),
                tete("a backspace before", CONTROL, "Transfer-Encoding: x\bchunked"),
                tete("a bare CR before", CONTROL, "Transfer-Encoding: \rchunked"),
                tete("a bare CR behind", CONTROL, "Transfer-Encoding: chunked\r"),
                tete("a bare LF before", CONTROL, "Transfer-Encoding:\n chunked"),
                tete("behind a bare LF in another line", CONTROL, "X-A: 1\nTransfer-Encoding: chunked"),
                tete("behind a bare CR in another line", CONTROL, "X-A: 1\rTransfer-Encoding: chunked"),
                tete("folded before", ONLY_CHUNKED, "Transfer-Encoding:\r\n chunked"),
                tete("folded with a tab", ONLY_CHUNKED, "Transfer-Encoding:\r\n\tchunked"),
                tete("folded behind", FOLDED, "Transfer-Encoding: chunked\r\n , gzip"),
                tete("folded into another line", FOLDED, "X-A: 1\r\n Transfer-Encoding: chunked"),
                tete("a space before the name", FOLDED, "X-A: 1", " Transfer-Encoding: chunked"),
                tete("a tab before the name", FOLDED, "X-A: 1", "\tTransfer-Encoding: chunked"),
                tete("a space before the colon", SPACE, "Transfer-Encoding : chunked"),
                tete("a tab before the colon", SPACE, "Transfer-Encoding\t: chunked"),
                tete("a vertical tab before the colon", BAD_NAME, "Transfer-Encoding\u000b: chunked"),
                tete("a NUL before the colon", BAD_NAME, "Transfer-Encoding\0: chunked"),
                tete("a CR before the colon", BAD_NAME, "Transfer-Encoding\r: chunked"),
                tete("a line end before the colon", BAD_NAME, "Transfer-Encoding\r\n: chunked"),
                tete("a space in place of the hyphen", SPACE, "Transfer Encoding: chunked"),
                tete("a no-break space behind the name", BAD_NAME, "Transfer-Encoding\u00a0: chunked"),
                tete("a byte above 127 in the name", BAD_NAME, "Transfer\u00adEncoding: chunked"),
                tete("a vertical tab before the name", BAD_NAME, "\u000bTransfer-Encoding: chunked"),
                chunked("plain", "RFC 9112 7.1", "Transfer-Encoding: chunked"),
                chunked("in capitals is written as usual", "RFC 9112 7", "TRANSFER-ENCODING: CHUNKED"),
                chunked("in mixed case is written as usual", "RFC 9112 7", "TrAnSFer-EnCODinG: cHuNkeD"),
                chunked("white space around the word goes", "RFC 9112 5", "Transfer-Encoding:\t chunked \t"),
                chunked("no space behind the colon", "RFC 9112 5", "Transfer-Encoding:chunked"),
                chunked(
                        "named in Connection stays",
                        "HHA 2020",
                        "Connection: Transfer-Encoding",
                        "Transfer-Encoding: chunked"),
                chunked(
                        "a look-alike beside it goes",
                        "TE.TE, underscore",
                        "Transfer_Encoding: identity",
                        "Transfer-Encoding: chunked"),
                length("a look-alike beside a length goes", "CL.TE, underscore", "Transfer_Encoding: chunked"),
                length(
                        "a word behind the name is another name",
                        "CL.TE",
                        "Transfer-Encoding-X: chunked",
                        "Transfer-Encoding-X: chunked"),
                length(
                        "a content coding is no transfer coding",
                        "CL.TE, Smuggler 2020",
                        "Content-Encoding: chunked",
                        "Content-Encoding: chunked"),
                length("TE is no Transfer-Encoding", "CL.TE", "TE: chunked"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isOneWordOrRefused(Case played) throws Exception {
        PROXY.verify(played);
    }
}
