package io.scrimplb.proxy.partners;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The head of an HTTP/1.x message exactly as it came over the wire, and its parts.
 *
 * @param raw every byte (as ISO-8859-1) up to and including the empty line
 * @param startLine request line or status line
 * @param fields header lines in order, names in the case they had
 */
public record MessageHead(String raw, String startLine, List<Field> fields) {
    /** One header line; the value without the white space around it. */
    public record Field(String name, String value) {
        @Override
        public String toString() {
            return name + ": " + value;
        }
    }

    public static MessageHead parse(String raw) {
        String[] lines = raw.split("\r\n");
        return new MessageHead(raw, lines[0], fields(lines, 1));
    }

    static List<Field> fields(String[] lines, int from) {
        List<Field> fields = new ArrayList<>();
        for (int i = from; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new IllegalStateException("not a header line: <" + lines[i] + ">");
            }
            fields.add(new Field(
                    lines[i].substring(0, colon), lines[i].substring(colon + 1).trim()));
        }
        return List.copyOf(fields);
    }

    /** The status code of a response. */
    public int status() {
        return Integer.parseInt(startLine.substring(9, 12));
    }

    public String method() {
        return startLine.substring(0, startLine.indexOf(' '));
    }

    public String target() {
        return startLine.substring(startLine.indexOf(' ') + 1, startLine.lastIndexOf(' '));
    }

    /** Values of all lines with that name, in order. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** The value of a line that must be there. */
    public String value(String name) {
        return first(name).orElseThrow(() -> new NoSuchElementException("no " + name + " in " + raw));
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** All header lines as {@code Name: value}. */
    public List<String> lines() {
        return fields.stream().map(Field::toString).toList();
    }

    /** Whether a comma-separated field names that element. */
    public boolean lists(String name, String element) {
        return all(name).stream()
                .flatMap(value -> List.of(value.split(",")).stream())
                .anyMatch(part -> part.trim().equalsIgnoreCase(element));
    }
}
