package io.scrimplb.app.runtime;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes the page of the metrics, in Markdown, from a scrape that shows all of them. */
final class MetricsPage {
    /** Labels with a fixed few values, which stand on the page. */
    private static final Set<String> FEW_VALUES =
            Set.of("cause", "code_class", "direction", "event", "reason", "result", "role");

    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (scrimp_\\w+) (.*)");
    private static final Pattern SERIES = Pattern.compile("(scrimp_\\w+?)(?:_sum|_count)?(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private static final String HEAD = """
            # Metrics

            Made from a scrape; do not edit.

            `/metrics` of the admin address shows these in the text format of Prometheus. `app` is an application (`none` for \
            requests that no route took), `backend` an endpoint by its address, `listener` a listen port, `certificate` \
            what names it in the status or `acme` for the first to end of those that an authority signed, `provider` a seed source. The first 500 applications, 2,000 endpoints and 200 \
            certificates have series of their own; the rest share `other`. A summary has its count and its sum, in \
            `_count` and `_sum`. A backend shows members and their messages only.

            Both roles also show the process (`process_*`) and the JVM (`jvm_*`).

            | Name | Type | Labels | Means |
            |---|---|---|---|
            """;

    private final Map<String, Map<String, Set<String>>> labels = new TreeMap<>();
    private final Map<String, String> types = new TreeMap<>();
    private final Map<String, String> helps = new TreeMap<>();

    private MetricsPage() {}

    static String of(String scrape) {
        MetricsPage page = new MetricsPage();
        scrape.lines().forEach(page::read);
        StringBuilder text = new StringBuilder(HEAD);
        page.types.keySet().forEach(name -> page.row(name, text));
        return text.toString();
    }

    private void read(String line) {
        Matcher comment = COMMENT.matcher(line);
        if (comment.matches()) {
            (comment.group(1).equals("HELP") ? helps : types).put(comment.group(2), comment.group(3));
            return;
        }
        Matcher series = SERIES.matcher(line);
        if (series.matches()) {
            Map<String, Set<String>> found = labels.computeIfAbsent(series.group(1), name -> new TreeMap<>());
            Matcher label = LABEL.matcher(series.group(2) == null ? "" : series.group(2));
            while (label.find()) {
                found.computeIfAbsent(label.group(1), name -> new TreeSet<>()).add(label.group(2));
            }
        }
    }

    private void row(String name, StringBuilder text) {
        text.append("| `").append(name).append("` | ").append(types.get(name)).append(" | ");
        String comma = "";
        for (Map.Entry<String, Set<String>> label :
                labels.getOrDefault(name, Map.of()).entrySet()) {
            text.append(comma).append('`').append(label.getKey()).append('`');
            if (FEW_VALUES.contains(label.getKey())) {
                text.append(" (").append(String.join(", ", label.getValue())).append(')');
            }
            comma = ", ";
        }
        text.append(" | ").append(helps.get(name)).append(" |\n");
    }
}
