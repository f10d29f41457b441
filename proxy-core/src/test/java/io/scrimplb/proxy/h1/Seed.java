package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.scrimplb.proxy.h1.H1UnderTest.Verdict;

/**
 * An input with a name and what must become of it: a case of the published smuggling lists, an ordinary message, or something
 * the fuzzer found.
 *
 * @param text bytes as ISO 8859-1 characters
 */
record Seed(String name, String text, Verdict verdict) {
    static Seed accepted(String name, String text) {
        return new Seed(name, text, Verdict.ACCEPTED);
    }

    static Seed refused(String name, String text) {
        return new Seed(name, text, Verdict.REFUSED);
    }

    static Seed unfinished(String name, String text) {
        return new Seed(name, text, Verdict.UNFINISHED);
    }

    byte[] bytes() {
        return text.getBytes(ISO_8859_1);
    }

    /** Bytes as a Java string literal, so that what was found can become a seed. */
    static String escaped(byte[] bytes) {
        StringBuilder literal = new StringBuilder().append('"');
        for (byte b : bytes) {
            int c = b & 0xff;
            switch (c) {
                case '\r' -> literal.append("\\r");
                case '\n' -> literal.append("\\n");
                case '"', '\\' -> literal.append('\\').append((char) c);
                default ->
                    literal.append(c >= 0x20 && c < 0x7f ? String.valueOf((char) c) : String.format("\\u%04x", c));
            }
        }
        return literal.append('"').toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
