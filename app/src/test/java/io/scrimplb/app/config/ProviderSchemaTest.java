package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.seed.SeedConfigException;
import io.scrimplb.seed.SeedProviders;
import org.junit.jupiter.api.Test;

final class ProviderSchemaTest {
    @Test
    void everyProviderThereIsCanBeConfiguredWithAllItsKeys() throws SeedConfigException {
        SeedProviders providers = SeedProviders.load();

        assertThat(ProviderSchema.all().keySet()).containsExactlyInAnyOrderElementsOf(providers.types());
        for (String type : providers.types()) {
            assertThat(ProviderSchema.of(type).orElseThrow().keys().stream().map(Key::name))
                    .as(type)
                    .containsExactlyInAnyOrderElementsOf(providers.keys(type));
        }
    }
}
