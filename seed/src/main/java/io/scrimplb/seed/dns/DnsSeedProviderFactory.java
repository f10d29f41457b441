package io.scrimplb.seed.dns;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.seed.ProviderConfig;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedProviderFactory;
import java.util.Set;

/** Makes {@link DnsSeedProvider}. */
public final class DnsSeedProviderFactory implements SeedProviderFactory {
    private static final int MAX_NAME_LENGTH = 253;

    @Override
    public String type() {
        return DnsSeedProvider.TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of("name", "port");
    }

    @Override
    public SeedProvider create(ObjectNode json) throws SeedConfigException {
        ProviderConfig config = new ProviderConfig(type(), json);
        String name = config.text("name");
        if (!name.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]*)") || name.length() > MAX_NAME_LENGTH) {
            throw new SeedConfigException("name", "'name' is not a DNS name: " + name);
        }
        return new DnsSeedProvider(name, config.port("port", Seed.DEFAULT_PORT), DnsLookup.system());
    }
}
