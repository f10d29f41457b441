package io.scrimplb.seed.s3;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.seed.Environment;
import io.scrimplb.seed.ProviderConfig;
import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedHttp;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedProviderFactory;
import java.time.Clock;
import java.util.Set;

/** Makes {@link S3SeedProvider}. */
public final class S3SeedProviderFactory implements SeedProviderFactory {
    @Override
    public String type() {
        return S3SeedProvider.TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of("bucket", "region", "key", "endpoint", "path-style");
    }

    @Override
    public SeedProvider create(ObjectNode json) throws SeedConfigException {
        Environment environment = Environment.system();
        return new S3SeedProvider(
                S3Location.from(new ProviderConfig(type(), json), environment),
                new CachedCredentials(CredentialsChain.standard(environment), Clock.systemUTC()),
                SeedHttp.forStores());
    }
}
