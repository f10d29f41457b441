package io.scrimplb.seed.dummy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedProviderFactory;
import java.util.Set;

/** Makes {@link DummySeedProvider}. */
public final class DummySeedProviderFactory implements SeedProviderFactory {
    @Override
    public String type() {
        return DummySeedProvider.TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of();
    }

    @Override
    public SeedProvider create(ObjectNode json) throws SeedConfigException {
        return new DummySeedProvider();
    }
}
