package io.scrimplb.seed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** Makes providers of one type. Found by {@link java.util.ServiceLoader}; needs a public constructor with no arguments. */
public interface SeedProviderFactory {
    /** The type as the configuration names it, in lower case, such as {@code s3}. */
    String type();

    /** The keys it knows in {@code provider-config}; any other is refused. */
    Set<String> keys();

    /**
     * A provider for this configuration. Opens nothing: a source that is down now may be up later.
     *
     * @throws SeedConfigException when a value is missing or cannot be used
     */
    SeedProvider create(ObjectNode config) throws SeedConfigException;
}
