package io.scrimplb.seed.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.seed.ProviderConfig;
import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedProviderFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** Makes {@link FileSeedProvider}. */
public final class FileSeedProviderFactory implements SeedProviderFactory {
    @Override
    public String type() {
        return FileSeedProvider.TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of("path");
    }

    @Override
    public SeedProvider create(ObjectNode json) throws SeedConfigException {
        String path = new ProviderConfig(type(), json).text("path");
        try {
            return new FileSeedProvider(Path.of(path));
        } catch (InvalidPathException e) {
            throw new SeedConfigException("path", "'path' is not a path: " + e.getReason());
        }
    }
}
