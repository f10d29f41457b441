package io.scrimplb.proxy.h1.reference;

import io.scrimplb.proxy.h1.reference.Message.Framing;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one message after the grammar of RFC 9112, line by line, and refuses whatever that leaves open to a recipient.
 *
 * <p>It is more lenient than the grammar in three places, all of which can be read in one way only: a target may hold any visible
 * byte but {@code #} (browsers send <code>|</code> and braces as they are); what stands behind the semicolon of a chunk size is
 * not looked into; and, unless {@link #sent} reads it, a status line may lack the space before a reason that is not there.
 */
public final class ReferenceReader {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String TEXT = "[\\t \\x21-\\x7e\\x80-\\xff]*";
    private static final Pattern REQUEST_LINE =
            Pattern.compile("(" + TOKEN + ") ([\\x21\\x22\\x24-\\x7e]+) (HTTP/1\\.[0-9])");
    private static final Pattern STATUS_LINE = Pattern.compile("(HTTP/1\\.[01]) ([1-5][0-9][0-9])(?: (" + TEXT + "))?");
    private static final Pattern SENT_STATUS_LINE = Pattern.compile("(HTTP/1\\.1) ([1-5][0-9][0-9]) (" + TEXT + ")");
    private static final Pattern FIELD_LINE = Pattern.compile("(" + TOKEN + "):(" + TEXT + ")");
    private static final Pattern CHUNK_LINE = Pattern.compile("([0-9A-Fa-f]+)(?:[ \\t]*;" + TEXT + ")?");
    private static final Pattern SENT_CHUNK_LINE = Pattern.compile("([0-9A-Fa-f]+)");

    private final String wire;
    private final boolean asSent;
    private int at;

    private ReferenceReader(String wire, int from, boolean asSent) {
        this.wire = wire;
        this.at = from;
        this.asSent = asSent;
    }

    /** Reads what a recipient must make of it. */
    public static ReferenceReader received(String wire, int from) {
        return new ReferenceReader(wire, from, false);
    }

    /** Reads what a sender wrote, and holds it to what a sender must not do. */
    public static ReferenceReader sent(String wire, int from) {
        return new ReferenceReader(wire, from, true);
    }

    public Message request() throws NotHttp {
        while (!asSent && wire.startsWith("\r\n", at)) {
            at += 2;
        }
        int from = at;
        Matcher line = match(REQUEST_LINE, line(), "request line");
        List<String> start = List.of(line.group(1), line.group(2), line.group(3));
        List<FieldLine> fields = fields();
        int headEnd = at;
        Authority.check(start, fields);
        boolean version10 = start.get(2).equals("HTTP/1.0");
        Framing framing = framing(fields, version10);
        return body(start, fields, framing == Framing.UNTIL_CLOSE ? Framing.NONE : framing, from, headEnd);
    }

    /** @param answersHead whether it answers a HEAD request */
    public Message response(boolean answersHead) throws NotHttp {
        int from = at;
        Matcher line = match(asSent ? SENT_STATUS_LINE : STATUS_LINE, line(), "status line");
        String reason = line.group(3) == null ? "" : line.group(3);
        List<String> start = List.of(line.group(1), line.group(2), reason);
        List<FieldLine> fields = fields();
        int headEnd = at;
        Framing framing = framing(fields, start.get(0).equals("HTTP/1.0"));
        int status = Integer.parseInt(start.get(1));
        boolean unframed = status < 200 || status == 204;
        if (asSent && unframed && (framing == Framing.CHUNKED || framing == Framing.LENGTH)) {
            throw NotHttp.invalid("a framing field where none may be sent (RFC 9110, 8.6; RFC 9112, 6.1)");
        }
        boolean bodiless = unframed || status == 304 || answersHead;
        return body(start, fields, bodiless ? Framing.NONE : framing, from, headEnd);
    }

    /** Reads a chunked body alone. */
    public Message chunked() throws NotHttp {
        int from = at;
        return body(List.of(), List.of(), Framing.CHUNKED, from, from);
    }

    private String line() throws NotHttp {
        int feed = wire.indexOf('\n', at);
        if (feed < 0) {
            throw NotHttp.unfinished();
        }
        if (feed == at || wire.charAt(feed - 1) != '\r') {
            throw NotHttp.invalid("a bare LF");
        }
        String line = wire.substring(at, feed - 1);
        at = feed + 1;
        return line;
    }

    private static Matcher match(Pattern grammar, String line, String what) throws NotHttp {
        Matcher matcher = grammar.matcher(line);
        if (!matcher.matches()) {
            throw NotHttp.invalid("not a " + what);
        }
        return matcher;
    }

    private List<FieldLine> fields() throws NotHttp {
        List<FieldLine> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher field = match(FIELD_LINE, line, "field line");
            fields.add(new FieldLine(field.group(1), FieldLine.trim(field.group(2))));
        }
        return fields;
    }

    /** RFC 9112, 6.3; a coding other than chunked is not understood, and so refused (6.1). */
    private static Framing framing(List<FieldLine> fields, boolean version10) throws NotHttp {
        List<FieldLine> codings =
                fields.stream().filter(line -> line.is("transfer-encoding")).toList();
        List<BigInteger> lengths = lengths(fields);
        if (codings.isEmpty()) {
            return lengths.isEmpty() ? Framing.UNTIL_CLOSE : Framing.LENGTH;
        }
        if (!lengths.isEmpty() || version10) {
            throw NotHttp.invalid("Transfer-Encoding where it can be overlooked");
        }
        if (codings.size() > 1
                || !codings.get(0).value().toLowerCase(Locale.ROOT).equals("chunked")) {
            throw NotHttp.invalid("a coding that is not understood");
        }
        return Framing.CHUNKED;
    }

    /** RFC 9110, 8.6: several lengths, also in one line, must be the same. */
    private static List<BigInteger> lengths(List<FieldLine> fields) throws NotHttp {
        List<BigInteger> lengths = new ArrayList<>();
        for (FieldLine line : fields) {
            if (!line.is("content-length")) {
                continue;
            }
            for (String element : line.elements()) {
                if (!element.matches("[0-9]+")) {
                    throw NotHttp.invalid("Content-Length is not a number");
                }
                lengths.add(new BigInteger(element));
            }
        }
        if (lengths.stream().distinct().count() > 1) {
            throw NotHttp.invalid("lengths that differ");
        }
        return lengths;
    }

    private Message body(List<String> start, List<FieldLine> fields, Framing framing, int from, int headEnd)
            throws NotHttp {
        List<String> chunks = new ArrayList<>();
        List<FieldLine> trailers = List.of();
        StringBuilder body = new StringBuilder();
        switch (framing) {
            case NONE -> {}
            case LENGTH -> body.append(take(lengths(fields).get(0)));
            case UNTIL_CLOSE -> body.append(take(BigInteger.valueOf(wire.length() - at)));
            case CHUNKED -> {
                BigInteger size;
                do {
                    String line = line();
                    Matcher chunk = match(asSent ? SENT_CHUNK_LINE : CHUNK_LINE, line, "chunk size");
                    chunks.add(line);
                    size = new BigInteger(chunk.group(1), 16);
                    if (size.signum() > 0) {
                        body.append(take(size));
                        if (at + 2 > wire.length() && "\r\n".startsWith(wire.substring(at))) {
                            throw NotHttp.unfinished();
                        }
                        if (!wire.startsWith("\r\n", at)) {
                            throw NotHttp.invalid("a chunk that does not end in CRLF");
                        }
                        at += 2;
                    }
                } while (size.signum() > 0);
                trailers = fields();
            }
        }
        return new Message(start, fields, framing, body.toString(), chunks, trailers, from, headEnd, at);
    }

    private String take(BigInteger count) throws NotHttp {
        if (count.compareTo(BigInteger.valueOf(wire.length() - at)) > 0) {
            throw NotHttp.unfinished();
        }
        int from = at;
        at += count.intValueExact();
        return wire.substring(from, at);
    }
}
