package io.scrimplb.proxy.h1;

import io.scrimplb.proxy.h1.reference.Authority;
import io.scrimplb.proxy.h1.reference.FieldLine;
import io.scrimplb.proxy.h1.reference.Message;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Everything the proxy refuses although the grammar allows it, with the reason. A message that the reference reads and the proxy
 * refuses must fall under one of these; there is no other.
 */
enum StricterRule {
    /** A limit: 24 bytes; no registered method is longer. */
    LONG_METHOD((wire, read) -> read.method().length() > 24),
    /** A limit: 8 KiB, answered with 414. */
    LONG_TARGET((wire, read) -> read.target().length() > 8 * 1024),
    /** A limit: 32 KiB by default, answered with 431. */
    LARGE_HEAD((wire, read) -> read.headEnd() - read.from() > H1UnderTest.LIMITS.headerBytes()),
    /** A limit: 100 lines by default, answered with 431. */
    MANY_LINES((wire, read) -> read.fields().size() > H1UnderTest.LIMITS.headerCount()),
    /** A limit: one empty line must be overlooked (RFC 9112, 2.2), four are. */
    MANY_EMPTY_LINES((wire, read) -> read.from() > 4 * 2),
    /** HTTP/1.2 does not exist; answered with 505. */
    MINOR_VERSION((wire, read) -> !read.start().get(2).matches("HTTP/1\\.[01]")),
    /** This proxy opens no tunnels to where a client likes. */
    CONNECT((wire, read) -> read.method().equals("CONNECT")),
    /** It forwards to applications of its own, not to other schemes' resources. */
    OTHER_SCHEME((wire, read) -> !read.target().matches("[/*].*") && !Authority.isAbsolute(read.target())),
    /** A proxy may overlook the Host then (RFC 9112, 3.2.2); what stood before it may have routed by it. */
    HOST_DISAGREES((wire, read) -> Authority.isAbsolute(read.target())
            && read.first("host").stream()
                    .anyMatch(host -> !host.equalsIgnoreCase(Authority.authority(read.target())))),
    /** A name with sub-delimiters or percent-encoding is nobody's, and a way to smuggle one past a comparison. */
    ODD_HOST_NAME((wire, read) -> hosts(read).anyMatch(host -> host.matches("[^\\[]*[!$&'()*+,;=%].*"))),
    /** An address of a future version of IP has no meaning yet. */
    FUTURE_IP((wire, read) -> hosts(read).anyMatch(host -> host.matches("\\[[vV].*"))),
    /** An empty Host names no application. */
    EMPTY_HOST((wire, read) -> hosts(read).anyMatch(host -> host.isEmpty() || host.startsWith(":"))),
    /** No port has more than five digits. */
    LONG_PORT((wire, read) -> hosts(read).anyMatch(host -> host.matches(".*:[0-9]{6,}"))),
    /** A list of equal lengths may be refused (RFC 9110, 8.6). */
    LIST_OF_LENGTHS((wire, read) ->
            read.all("content-length").stream().anyMatch(line -> line.value().contains(","))),
    /** A limit: 19 digits hold 63 bits; more are leading zeros. */
    LONG_LENGTH((wire, read) ->
            read.all("content-length").stream().anyMatch(line -> line.value().length() > 19)),
    /** An expectation nobody can meet; answered with 417 as RFC 9110, 10.1.1 allows. */
    UNKNOWN_EXPECTATION((wire, read) -> Intention.kept(read, "expect").stream()
            .anyMatch(line -> !line.value().equalsIgnoreCase("100-continue"))),
    /** Whether the body comes before or after the change of protocol is not told alike everywhere. */
    UPGRADE_WITH_BODY((wire, read) -> Intention.upgrades(read)
            && (!read.body().isEmpty() || !read.chunks().isEmpty())),
    /** The grammar has blanks before the semicolon of a chunk extension; parsers that stop or go on there differ. */
    BLANK_IN_CHUNK_SIZE(
            (wire, read) -> read.chunks().stream().anyMatch(line -> line.matches("[0-9A-Fa-f]+[ \\t]+;.*"))),
    /** A limit: 15 digits hold 60 bits; more are leading zeros. */
    LONG_CHUNK_SIZE((wire, read) -> read.chunks().stream().anyMatch(line -> line.matches("[0-9A-Fa-f]{16,}.*"))),
    /** A limit: 256 bytes of extensions on one chunk. */
    LONG_CHUNK_EXTENSION((wire, read) ->
            read.chunks().stream().anyMatch(line -> line.indexOf(';') >= 0 && line.length() - line.indexOf(';') > 257)),
    /** A limit: 8 KiB and 50 lines. The wire is counted since a line's blanks count. */
    LARGE_TRAILER((wire, read) -> read.trailers().size() > 50
            || (!read.trailers().isEmpty()
                    && read.end() - wire.lastIndexOf(lastChunk(read) + "\r\n", read.end()) > 8 * 1024)),
    /** An answer to an upgrade that the client did not ask for. */
    SWITCHING_PROTOCOLS((wire, read) -> read.start().get(1).equals("101"));

    private final BiPredicate<String, Message> applies;

    StricterRule(BiPredicate<String, Message> applies) {
        this.applies = applies;
    }

    static Optional<StricterRule> ofRequest(String wire, Message read) {
        return first(EnumSet.complementOf(EnumSet.of(SWITCHING_PROTOCOLS)), wire, read);
    }

    static Optional<StricterRule> ofResponse(String wire, Message read) {
        Set<StricterRule> body = EnumSet.range(BLANK_IN_CHUNK_SIZE, SWITCHING_PROTOCOLS);
        body.addAll(EnumSet.of(LARGE_HEAD, MANY_LINES, LIST_OF_LENGTHS, LONG_LENGTH));
        return first(body, wire, read);
    }

    /** Of a chunked body alone. */
    static Optional<StricterRule> ofBody(String wire, Message read) {
        return first(EnumSet.range(BLANK_IN_CHUNK_SIZE, LARGE_TRAILER), wire, read);
    }

    private static Optional<StricterRule> first(Set<StricterRule> rules, String wire, Message read) {
        return rules.stream().filter(rule -> rule.applies.test(wire, read)).findFirst();
    }

    private static Stream<String> hosts(Message read) {
        String target = Authority.isAbsolute(read.target()) ? Authority.authority(read.target()) : "-";
        return Stream.concat(Stream.of(target), read.all("host").stream().map(FieldLine::value));
    }

    private static String lastChunk(Message read) {
        List<String> chunks = read.chunks();
        return chunks.get(chunks.size() - 1);
    }
}
