package io.scrimplb.proxy.h1.reference;

import java.util.List;
import java.util.Optional;

/**
 * One message. Bytes are ISO 8859-1 characters.
 *
 * @param start the parts of the start line: method, target, version; or version, status, reason
 * @param body the content, its framing taken off
 * @param chunks the size lines of its chunks
 * @param from index of the start line in what was read
 * @param headEnd index behind the empty line that ends the head
 * @param end index behind the message
 */
public record Message(
        List<String> start,
        List<FieldLine> fields,
        Framing framing,
        String body,
        List<String> chunks,
        List<FieldLine> trailers,
        int from,
        int headEnd,
        int end) {
    /** How the end of the body is told (RFC 9112, 6.3). */
    public enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    public String method() {
        return start.get(0);
    }

    public String target() {
        return start.get(1);
    }

    /** Of a request. */
    public boolean isHttp11() {
        return start.get(2).equals("HTTP/1.1");
    }

    public int status() {
        return Integer.parseInt(start.get(1));
    }

    public List<FieldLine> all(String lowerCaseName) {
        return fields.stream().filter(line -> line.is(lowerCaseName)).toList();
    }

    /** The value of the first such line. */
    public Optional<String> first(String lowerCaseName) {
        return all(lowerCaseName).stream().map(FieldLine::value).findFirst();
    }
}
