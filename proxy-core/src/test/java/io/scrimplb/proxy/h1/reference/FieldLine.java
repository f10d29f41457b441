package io.scrimplb.proxy.h1.reference;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A header or trailer line, the blanks around its value taken off. Bytes are ISO 8859-1 characters. */
public record FieldLine(String name, String value) {
    public String lowerName() {
        return name.toLowerCase(Locale.ROOT);
    }

    public boolean is(String lowerCaseName) {
        return lowerName().equals(lowerCaseName);
    }

    /** The elements of a comma-separated value in lower case; quoted strings are not looked at. */
    public List<String> elements() {
        return Arrays.stream(value.split(",", -1))
                .map(FieldLine::trim)
                .map(element -> element.toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Without the spaces and tabs around it. */
    static String trim(String text) {
        return text.replaceAll("^[ \t]+", "").replaceAll("[ \t]+$", "");
    }
}
