package io.scrimplb.seed.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.seed.ProviderConfig;
import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedProviderFactory;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** Makes {@link HttpSeedProvider}. */
public final class HttpSeedProviderFactory implements SeedProviderFactory {
    @Override
    public String type() {
        return HttpSeedProvider.TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of("url", "token", "writable");
    }

    @Override
    public SeedProvider create(ObjectNode json) throws SeedConfigException {
        ProviderConfig config = new ProviderConfig(type(), json);
        URI url = config.optionalHttpUrl("url")
                .orElseThrow(() -> new SeedConfigException("url", "provider http needs 'url'"));
        Optional<String> token = config.optionalText("token");
        if (token.isPresent() && !token.get().matches("[!-~]+")) {
            throw new SeedConfigException("token", "'token' holds characters that no header may have");
        }
        return new HttpSeedProvider(url, token, config.bool("writable", false));
    }
}
