package io.scrimplb.seed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the values of a {@code provider-config}, with errors that name the key. */
public final class ProviderConfig {
    private final String type;
    private final ObjectNode config;

    public ProviderConfig(String type, ObjectNode config) {
        this.type = type;
        this.config = config;
    }

    /** A text that must be there. */
    public String text(String key) throws SeedConfigException {
        return optionalText(key)
                .orElseThrow(() -> new SeedConfigException(key, "provider " + type + " needs '" + key + "'"));
    }

    /** A text or number that may be absent; blank counts as absent. */
    public Optional<String> optionalText(String key) throws SeedConfigException {
        JsonNode node = config.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual() && !node.isNumber()) {
            throw new SeedConfigException(key, "'" + key + "' must be a text");
        }
        String text = node.asText().strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** A port, as a text or a number. */
    public int port(String key, int defaultPort) throws SeedConfigException {
        Optional<String> text = optionalText(key);
        try {
            return text.isPresent() ? Seed.port(text.get()) : defaultPort;
        } catch (IllegalArgumentException e) {
            throw new SeedConfigException(key, "'" + key + "': " + e.getMessage());
        }
    }

    /** A truth value, as itself or as a text. */
    public boolean bool(String key, boolean defaultValue) throws SeedConfigException {
        JsonNode node = config.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return defaultValue;
        }
        return switch (node.asText()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new SeedConfigException(key, "'" + key + "' must be true or false");
        };
    }

    /** A list of texts, or one text; empty when absent. */
    public List<String> texts(String key) throws SeedConfigException {
        JsonNode node = config.path(key);
        if (!node.isArray()) {
            return optionalText(key).map(List::of).orElse(List.of());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : node) {
            if (!element.isTextual()) {
                throw new SeedConfigException(key, "'" + key + "' must be a list of texts");
            }
            texts.add(element.asText());
        }
        return texts;
    }

    /** An absolute http or https URL that may be absent. */
    public Optional<URI> optionalHttpUrl(String key) throws SeedConfigException {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text.get());
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (http && url.getHost() != null && url.getUserInfo() == null) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            // The same answer as for a URL of another kind.
        }
        throw new SeedConfigException(
                key, "'" + key + "' must be a URL like https://host/path, without user and password");
    }
}
