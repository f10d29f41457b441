package io.scrimplb.proxy.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.h1.H1UnderTest.Verdict;
import io.scrimplb.proxy.routing.NormalisedPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the path that routing looks at to a plain reading of RFC 3986: decode each percent-encoded byte once, then take away
 * empty and dot segments. Whatever the object held before, and wherever in its array the path lies.
 */
final class PathOracle {
    private static final Pattern PATH = Pattern.compile("/[\\x21\\x22\\x24-\\x3e\\x40-\\x7e]*");
    private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})?");

    private final NormalisedPath used = new NormalisedPath();

    /** @return what the proxy made of it; not finished when it is no path at all */
    Verdict check(byte[] bytes) {
        String path = new String(bytes, ISO_8859_1);
        if (!PATH.matcher(path).matches()) {
            return Verdict.UNFINISHED;
        }
        Optional<String> expected = reference(path);
        byte[] before = ("GET " + path + "%2e/../%zz?/..").getBytes(ISO_8859_1);
        for (NormalisedPath normalised : List.of(used, new NormalisedPath())) {
            assertThat(normalise(normalised, before.clone(), 4, bytes.length)).isEqualTo(expected);
            assertThat(normalise(normalised, bytes.clone(), 0, bytes.length)).isEqualTo(expected);
        }
        expected.ifPresent(result -> {
            assertThat(result).startsWith("/").doesNotContain("//");
            assertThat(result.split("/", -1)).doesNotContain(".", "..");
        });
        return expected.isPresent() ? Verdict.ACCEPTED : Verdict.REFUSED;
    }

    private static Optional<String> normalise(NormalisedPath path, byte[] in, int offset, int length) {
        byte[] given = in.clone();
        String fault = path.set(in, offset, length);
        assertThat(in).as("the bytes that go out").isEqualTo(given);
        return fault == null
                ? Optional.of(new String(path.bytes(), path.offset(), path.length(), ISO_8859_1))
                : Optional.empty();
    }

    private static Optional<String> reference(String path) {
        Matcher encoded = ENCODED.matcher(path);
        StringBuilder decoded = new StringBuilder();
        while (encoded.find()) {
            if (encoded.group(1) == null || encoded.group(1).equals("00")) {
                return Optional.empty();
            }
            char one = (char) Integer.parseInt(encoded.group(1), 16);
            encoded.appendReplacement(decoded, Matcher.quoteReplacement(String.valueOf(one)));
        }
        encoded.appendTail(decoded);

        List<String> kept = new ArrayList<>();
        List<String> segments = Arrays.asList(decoded.substring(1).split("/", -1));
        for (String segment : segments) {
            if (segment.equals("..")) {
                if (kept.isEmpty()) {
                    return Optional.empty();
                }
                kept.remove(kept.size() - 1);
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.add(segment);
            }
        }
        boolean directory = List.of("", ".", "..").contains(segments.get(segments.size() - 1));
        String joined = "/" + String.join("/", kept);
        return Optional.of(directory && !kept.isEmpty() ? joined + "/" : joined);
    }
}
