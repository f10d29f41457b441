package io.scrimplb.seed;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider's configuration that cannot be used. The message is one line and names the key. */
public final class SeedConfigException extends Exception {
    private static final long serialVersionUID = 1;
    private final @Nullable String key;

    /** @param key the key below {@code provider-config}, or null when the fault is {@code provider} itself */
    public SeedConfigException(@Nullable String key, String message) {
        super(message);
        this.key = key;
    }

    /** The key below {@code provider-config} that is at fault; empty when it is the provider's type. */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }
}
