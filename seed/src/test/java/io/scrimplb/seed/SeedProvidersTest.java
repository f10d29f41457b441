package io.scrimplb.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SeedProvidersTest {
    private final SeedProviders providers = SeedProviders.load();

    private static ObjectNode json(String text) throws Exception {
        return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void findsAllProvidersOfThisModule() {
        assertThat(providers.types()).containsExactlyInAnyOrder("manual", "file", "s3", "dns", "http", "dummy");
    }

    @Test
    void typesAreFoundInAnyCase() throws Exception {
        assertThat(providers.create("DUMMY", json("{}")).type()).isEqualTo("dummy");
    }

    @Test
    void readsTheOriginalsManualForm() throws Exception {
        SeedProvider manual = providers.create("Manual", json("{'ip':'[fd02:c0df:1500:1::10]','port':'9998'}"));
        assertThat(manual.seeds()).containsExactly(new Seed("fd02:c0df:1500:1::10", 9998, null));
        assertThat(manual.store()).isEmpty();
    }

    @Test
    void readsSeveralManualAddresses() throws Exception {
        SeedProvider manual = providers.create("manual", json("{'addresses':['a:1','[::1]:2','b']}"));
        assertThat(manual.seeds()).extracting(Seed::hostPort).containsExactly("a:1", "[::1]:2", "b:9999");
    }

    @Test
    void makesEveryProviderFromItsConfiguration() throws Exception {
        String s3 = "{'bucket':'b.x','region':'eu-west-1'}";
        assertThat(providers.create("s3", json(s3)).location()).isEqualTo("s3://b.x/scrimplb");
        assertThat(providers.create("file", json("{'path':'/x/y'}")).location()).isEqualTo("file /x/y");
        assertThat(providers.create("dns", json("{'name':'lb.example.com'}")).location())
                .contains("lb.example.com");
        SeedProvider http = providers.create("http", json("{'url':'https://h/p?key=k'}"));
        assertThat(http.location()).isEqualTo("https://h/p");
        assertThat(http.store()).isEmpty();
    }

    @Test
    void anUnknownTypeListsTheKnownOnes() {
        assertThatThrownBy(() -> providers.create("consul", json("{}")))
                .isInstanceOf(SeedConfigException.class)
                .hasMessage("unknown provider 'consul': use one of dns, dummy, file, http, manual, s3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3|{'bukket':'b'}|bukket",
                "s3|{}|bucket",
                "s3|{'bucket':'b c','region':'r'}|bucket",
                "s3|{'bucket':'bkt','region':'EU West'}|region",
                "s3|{'bucket':'bkt','endpoint':'minio:9000'}|endpoint",
                "s3|{'bucket':'bkt','region':'r','path-style':'maybe'}|path-style",
                "manual|{}|addresses",
                "manual|{'ip':'a','addresses':['b']}|addresses",
                "manual|{'ip':'a','port':'x'}|port",
                "manual|{'ip':'a b'}|ip",
                "manual|{'addresses':[7]}|addresses",
                "http|{}|url",
                "http|{'url':'ftp://x'}|url",
                "http|{'url':'http://x','token':'a b'}|token",
                "file|{}|path",
                "file|{'path':['x']}|path",
                "dns|{'name':'a b'}|name",
                "dummy|{'x':1}|x"
            })
    void aBadKeyIsNamed(String type, String config, String key) {
        assertThatThrownBy(() -> providers.create(type, json(config)))
                .isInstanceOfSatisfying(SeedConfigException.class, e -> {
                    assertThat(e.key()).contains(key);
                    assertThat(e).message().contains("'" + key + "'").doesNotContain("\n");
                });
    }

    @Test
    void dummyHasNothingToPublishTo() throws Exception {
        assertThat(providers.create("dummy", json("{}")).store()).isEmpty();
    }
}
