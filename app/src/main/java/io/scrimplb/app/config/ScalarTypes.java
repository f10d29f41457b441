package io.scrimplb.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of plain values: words, numbers, durations, sizes, files. */
final class ScalarTypes {
    /** No value of any key is longer; it keeps messages and the cluster's announcements small. */
    static final int MAX_TEXT_CHARACTERS = 4096;
    /** A name travels in announcements and metric labels. */
    static final int MAX_NAME_CHARACTERS = 64;

    private static final Pattern NAME_PATTERN = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_NAME_CHARACTERS + "}");
    private static final Pattern DURATION_PATTERN = Pattern.compile("(?:[0-9]{1,9}(?:ms|s|m|h|d))+");
    private static final Pattern DURATION_PART = Pattern.compile("([0-9]+)(ms|s|m|h|d)");
    private static final Pattern SIZE_PATTERN = Pattern.compile("([0-9]{1,12}) ?([kmgKMG]?)(?:i?[bB])?");
    private static final Pattern INTEGER_PATTERN = Pattern.compile("-?[0-9]{1,18}");

    private static final Pattern URL_QUERY = Pattern.compile("\\?.*", Pattern.DOTALL);
    /** All up to the last at sign, whatever is wrong with the URL otherwise. */
    private static final Pattern URL_USER = Pattern.compile("^([A-Za-z]+:/*)?.*@", Pattern.DOTALL);

    static final ScalarType<String> TEXT = new ScalarType<>("text", text -> {
        if (text.isBlank()) {
            throw new BadValueException("is empty; leave the key out or give it a value");
        }
        if (text.length() > MAX_TEXT_CHARACTERS) {
            throw new BadValueException("is longer than " + MAX_TEXT_CHARACTERS + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new BadValueException("holds control characters");
        }
        return text;
    });

    static final ScalarType<String> NAME = new ScalarType<>("name", text -> {
        if (!NAME_PATTERN.matcher(text).matches()) {
            throw new BadValueException(Excerpt.quote(text) + " is not a name: 1 to " + MAX_NAME_CHARACTERS
                    + " letters, digits, dots, dashes and underscores");
        }
        return text;
    });

    static final ScalarType<String> VERSION = new ScalarType<>("text of at most 64 characters", text -> {
        if (TEXT.parser().parse(text).length() > MAX_NAME_CHARACTERS) {
            throw new BadValueException("is longer than " + MAX_NAME_CHARACTERS + " characters");
        }
        return text;
    });

    static final ScalarType<Boolean> BOOLEAN = new ScalarType<>("true or false", text -> {
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new BadValueException("must be true or false, not " + Excerpt.quote(text));
    });

    static final ScalarType<Double> CORES = new ScalarType<>("number of cores", text -> {
        try {
            double cores = Double.parseDouble(text);
            if (cores > 0 && cores <= 1024) {
                return cores;
            }
        } catch (NumberFormatException notANumber) {
            // Falls through to the message that also fits a number out of range.
        }
        throw new BadValueException("must be a number of cores above 0, such as 0.5, not " + Excerpt.quote(text));
    });

    static final ScalarType<Path> FILE = new ScalarType<>("file", text -> {
        try {
            return Path.of(TEXT.parser().parse(text));
        } catch (InvalidPathException bad) {
            throw new BadValueException(Excerpt.quote(text) + " is not a file name");
        }
    });

    static final ScalarType<URI> URL = new ScalarType<>("URL", text -> {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
                if (uri.getRawUserInfo() != null) {
                    throw new BadValueException("holds a user name or a password before its host; URLs end up in logs,"
                            + " so leave that out and write https://host/path");
                }
                return uri;
            }
        } catch (URISyntaxException bad) {
            // Falls through to the message that fits everything that is no URL.
        }
        throw new BadValueException(
                "must be a URL such as https://host/path, not " + Excerpt.quote(withoutSecrets(text)));
    });

    static final ScalarType<String> URL_PATH = new ScalarType<>("path", text -> {
        if (!text.startsWith("/")) {
            throw new BadValueException("a path starts with /, not " + Excerpt.quote(text));
        }
        if (text.length() > MAX_TEXT_CHARACTERS
                || text.chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '?' || c == '#')) {
            throw new BadValueException(
                    Excerpt.quote(text) + " is not a path: no spaces, no query (?), no fragment (#)");
        }
        return text;
    });

    /** A URL as it may be shown: a query may be a signature. */
    static String withoutQuery(String url) {
        return URL_QUERY.matcher(url).replaceFirst("?" + Excerpt.MASK);
    }

    private static String withoutSecrets(String noUrl) {
        return withoutQuery(URL_USER.matcher(noUrl).replaceFirst("$1" + Excerpt.MASK + "@"));
    }

    /** The word the original knew; it is read and means nothing any more. */
    static final ScalarType<String> ANYTHING = new ScalarType<>("anything", text -> text);

    private ScalarTypes() {}

    static ScalarType<Integer> integer(int smallest, int largest) {
        return new ScalarType<>("number, " + smallest + " to " + largest, text -> {
            if (INTEGER_PATTERN.matcher(text).matches()) {
                long value = Long.parseLong(text);
                if (value >= smallest && value <= largest) {
                    return (int) value;
                }
            }
            throw new BadValueException(
                    "must be a number from " + smallest + " to " + largest + ", not " + Excerpt.quote(text));
        });
    }

    /** Both ends are allowed. */
    static ScalarType<Duration> duration(Duration shortest, Duration longest) {
        String range = DurationText.of(shortest) + " to " + DurationText.of(longest);
        return new ScalarType<>("duration, " + range, text -> {
            if (!DURATION_PATTERN.matcher(text).matches()) {
                throw new BadValueException(
                        "must be a duration with a unit such as 500ms, 5s, 1m30s or 1h, not " + Excerpt.quote(text));
            }
            Duration total = Duration.ZERO;
            Matcher part = DURATION_PART.matcher(text);
            while (part.find()) {
                long amount = Long.parseLong(part.group(1));
                total = total.plus(
                        switch (part.group(2)) {
                            case "ms" -> Duration.ofMillis(amount);
                            case "s" -> Duration.ofSeconds(amount);
                            case "m" -> Duration.ofMinutes(amount);
                            case "h" -> Duration.ofHours(amount);
                            default -> Duration.ofDays(amount);
                        });
            }
            if (total.compareTo(shortest) < 0 || total.compareTo(longest) > 0) {
                throw new BadValueException("must be " + range + ", not " + Excerpt.line(text));
            }
            return total;
        });
    }

    /** In bytes; k, m and g are powers of 1024. Both ends are allowed. */
    static ScalarType<Long> size(long smallest, long largest) {
        return new ScalarType<>("size", text -> {
            Matcher matcher = SIZE_PATTERN.matcher(text);
            if (!matcher.matches()) {
                throw new BadValueException("must be a size such as 64k, 10m or 1g, not " + Excerpt.quote(text));
            }
            int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                case "k" -> 10;
                case "m" -> 20;
                case "g" -> 30;
                default -> 0;
            };
            long amount = Long.parseLong(matcher.group(1));
            if (amount < smallest >> shift || amount > largest >> shift || amount << shift < smallest) {
                throw new BadValueException(
                        "must be " + sizeText(smallest) + " to " + sizeText(largest) + ", not " + Excerpt.line(text));
            }
            return amount << shift;
        });
    }

    static ScalarType<OptionalLong> sizeOrAuto(long smallest, long largest) {
        ScalarType<Long> size = size(smallest, largest);
        return new ScalarType<>(
                "size or auto",
                text -> text.equalsIgnoreCase("auto")
                        ? OptionalLong.empty()
                        : OptionalLong.of(size.parser().parse(text)));
    }

    /** One of an enum's constants, whatever the case, as {@link ConfigNames} spells them. */
    static <E extends Enum<E>> ScalarType<E> choice(String what, Class<E> type) {
        Map<String, E> known = new LinkedHashMap<>();
        Arrays.stream(type.getEnumConstants()).forEach(constant -> known.put(ConfigNames.of(constant), constant));
        return choice(what, known);
    }

    /** One of some words in lower case, whatever the case. */
    static <T> ScalarType<T> choice(String what, Map<String, T> known) {
        return new ScalarType<>(String.join(" | ", known.keySet()), text -> {
            T found = known.get(text.toLowerCase(Locale.ROOT));
            if (found == null) {
                throw unknown(what, text, known.keySet());
            }
            return found;
        });
    }

    /** Names what is known, with the nearest first when there is one near. */
    static BadValueException unknown(String what, String text, java.util.Collection<String> known) {
        String hint = Suggestion.hint(text, known);
        return new BadValueException("unknown " + what + " " + Excerpt.quote(text)
                + (hint.isEmpty() ? "; known are " + String.join(", ", known) : hint));
    }

    private static String sizeText(long bytes) {
        if (bytes >= 1 << 30 && bytes % (1 << 30) == 0) {
            return (bytes >> 30) + "g";
        }
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "m";
        }
        return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "k" : Long.toString(bytes);
    }
}
