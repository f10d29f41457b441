package io.scrimplb.seed.manual;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.seed.ProviderConfig;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedProviderFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes {@link ManualSeedProvider}. */
public final class ManualSeedProviderFactory implements SeedProviderFactory {
    @Override
    public String type() {
        return ManualSeedProvider.TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of("ip", "port", "addresses");
    }

    @Override
    public SeedProvider create(ObjectNode json) throws SeedConfigException {
        ProviderConfig config = new ProviderConfig(type(), json);
        int port = config.port("port", Seed.DEFAULT_PORT);
        List<String> addresses = config.texts("addresses");
        Optional<String> ip = config.optionalText("ip");
        if (ip.isPresent() == !addresses.isEmpty()) {
            throw new SeedConfigException("addresses", "provider manual needs either 'ip' or 'addresses'");
        }
        List<Seed> seeds = new ArrayList<>();
        for (String text : ip.map(List::of).orElse(addresses)) {
            try {
                seeds.add(Seed.parse(text, port));
            } catch (IllegalArgumentException e) {
                String key = ip.isPresent() ? "ip" : "addresses";
                throw new SeedConfigException(key, "'" + key + "': " + e.getMessage());
            }
        }
        return new ManualSeedProvider(seeds);
    }
}
