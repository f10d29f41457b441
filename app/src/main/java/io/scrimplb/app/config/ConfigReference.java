package io.scrimplb.app.config;

import io.scrimplb.app.config.Shape.ListShape;
import io.scrimplb.app.config.Shape.ObjectShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes the reference page of the configuration from the schema, in Markdown. */
public final class ConfigReference {
    private final StringBuilder page = new StringBuilder();

    private ConfigReference() {}

    /** The whole page; the same bytes for the same schema. */
    public static String markdown() {
        ConfigReference reference = new ConfigReference();
        reference.page.append("# Configuration reference\n\nMade from the schema in the code; do not edit.\n");
        reference.object("The file", Schema.ROOT, List.of(), true);
        reference.object("application", ApplicationSchema.APPLICATION, List.of("application"), false);
        for (Map.Entry<String, ObjectShape> provider : ProviderSchema.all().entrySet()) {
            if (!provider.getValue().keys().isEmpty()) {
                reference.object(
                        "provider-config of " + provider.getKey(),
                        provider.getValue(),
                        List.of(Schema.PROVIDER_CONFIG.name()),
                        true);
            }
        }
        return reference.page.toString();
    }

    /** @param variables whether each key has an environment variable; elements of lists have none */
    private void object(String title, ObjectShape shape, List<String> path, boolean variables) {
        page.append("\n## ").append(title).append("\n\n| Key | Type | Default | Means |");
        page.append(variables ? " Variable |\n|---|---|---|---|---|\n" : "\n|---|---|---|---|\n");
        for (Key<?> key : shape.keys()) {
            row(key, path, variables);
        }
        for (Key<?> key : shape.keys()) {
            List<String> inner = append(path, key);
            if (key.equals(Schema.PROVIDER_CONFIG) || key.equals(Schema.APPLICATIONS)) {
                continue;
            }
            if (key.shape() instanceof ObjectShape object) {
                object(String.join(".", inner), object, inner, variables);
            } else if (key.shape() instanceof ListShape<?> list && list.element() instanceof ObjectShape object) {
                object("element of " + String.join(".", inner), object, inner, false);
            }
        }
    }

    private void row(Key<?> key, List<String> path, boolean variables) {
        String type = key.shape() instanceof ListShape<?> list
                ? "list of " + list.label()
                : key.shape().label();
        String other = key.aliases().isEmpty() ? "" : " (also `" + String.join("`, `", key.aliases()) + "`)";
        String preset = key.required()
                ? "required"
                : key.defaultText().map(text -> "`" + text + "`").orElse("");
        page.append("| `").append(key.name()).append('`').append(other);
        page.append(" | ").append(type.replace("|", "\\|"));
        page.append(" | ").append(preset);
        page.append(" | ")
                .append(key.doc().replace("|", "\\|"))
                .append(key.secret() ? "; masked when shown" : "")
                .append(" |");
        page.append(variables ? " `" + EnvironmentLayer.nameOf(append(path, key)) + "` |\n" : "\n");
    }

    private static List<String> append(List<String> path, Key<?> key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key.name());
        return longer;
    }
}
