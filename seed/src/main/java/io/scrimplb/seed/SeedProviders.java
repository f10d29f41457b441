package io.scrimplb.seed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The providers on the class path, by type. Immutable and thread-safe. */
public final class SeedProviders {
    private final SortedMap<String, SeedProviderFactory> factories;

    private SeedProviders(Map<String, SeedProviderFactory> factories) {
        this.factories = new TreeMap<>(factories);
    }

    /** All providers that the class path offers, those of this module and any other. */
    public static SeedProviders load() {
        Map<String, SeedProviderFactory> found = new TreeMap<>();
        for (SeedProviderFactory factory :
                ServiceLoader.load(SeedProviderFactory.class, SeedProviders.class.getClassLoader())) {
            found.putIfAbsent(factory.type().toLowerCase(Locale.ROOT), factory);
        }
        return new SeedProviders(found);
    }

    /** The known types, sorted. */
    public Set<String> types() {
        return Set.copyOf(factories.keySet());
    }

    /**
     * The keys that this type knows in {@code provider-config}.
     *
     * @throws SeedConfigException when there is no such type; the message lists those there are
     */
    public Set<String> keys(String type) throws SeedConfigException {
        return factory(type).keys();
    }

    /**
     * A provider of this type (in any case) with this configuration.
     *
     * @throws SeedConfigException when the type is unknown, a key is unknown or a value cannot be used
     */
    public SeedProvider create(String type, ObjectNode config) throws SeedConfigException {
        SeedProviderFactory factory = factory(type);
        for (Iterator<String> names = config.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!factory.keys().contains(name)) {
                String known = factory.keys().isEmpty()
                        ? "takes no keys"
                        : "knows "
                                + String.join(
                                        ", ", factory.keys().stream().sorted().toList());
                throw new SeedConfigException(
                        name, "unknown key '" + name + "': provider " + factory.type() + " " + known);
            }
        }
        return factory.create(config);
    }

    private SeedProviderFactory factory(String type) throws SeedConfigException {
        SeedProviderFactory factory = factories.get(type.strip().toLowerCase(Locale.ROOT));
        if (factory == null) {
            throw new SeedConfigException(
                    null, "unknown provider '" + type + "': use one of " + String.join(", ", factories.keySet()));
        }
        return factory;
    }
}
