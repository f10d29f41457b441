package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.JoinToken;
import io.scrimplb.proxy.ProxyOptions.Transport;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleFilesTest {
    private static final String SECRET = ClusterSecret.generate().reveal();
    private static final String TOKEN = token();

    @Test
    void loadsTheOriginalsLoadBalancerFileAndSaysThatTheGeneratorIsIgnoredOnce() throws Exception {
        LoadedConfig loaded = Loading.of(Loading.sample("original-lb.json"))
                .as(Role.LOAD_BALANCER)
                .load();

        assertThat(loaded.config().role()).contains(Role.LOAD_BALANCER);
        assertThat(loaded.config().seedSource().provider()).isEqualTo("dummy");
        assertThat(loaded.config().seedSource().resolver()).isEqualTo("ipv6");
        assertThat(loaded.config().loadBalancer().tls().certificates())
                .containsExactly(new CertificateConfig(Path.of("/etc/ssl/chain.pem"), Path.of("/etc/ssl/key.pem")));
        assertThat(loaded.notes())
                .containsOnlyOnce("load-balancer-config: generator, generator-target, generator-stdout ignored: this"
                        + " program forwards by itself and drives no nginx");
    }

    @Test
    void loadsTheOriginalsS3FileWithJitter() throws Exception {
        ScrimpConfig config = Loading.of(Loading.sample("original-lb-s3.json"))
                .as(Role.LOAD_BALANCER)
                .load()
                .config();

        assertThat(config.seedSource().providerConfig())
                .hasToString("{\"bucket\":\"a-bucket\",\"region\":\"eu-west-1\",\"key\":\"main\"}");
        assertThat(config.loadBalancer().pushPeriod()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.loadBalancer().pushJitter()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void loadsTheOriginalsBackendFileWithAnAddressInBrackets() throws Exception {
        ScrimpConfig config = Loading.of(Loading.sample("original-backend.json"))
                .as(Role.BACKEND)
                .load()
                .config();

        assertThat(config.seedSource().providerConfig()).hasToString("{\"ip\":\"[fd02:c0df:1500:1::10]\"}");
        assertThat(config.backend().applicationConfigDir()).contains(Path.of("/etc/scrimplb/apps.d"));
        assertThat(config.backend().applications())
                .singleElement()
                .extracting(ApplicationConfig::listenPort, ApplicationConfig::applicationPort)
                .containsExactly(Optional.of(443), 5101);
    }

    @Test
    void loadsTheOriginalsEarlyBackendFileWithPortAndDomain() throws Exception {
        ScrimpConfig config = Loading.of(Loading.sample("original-backend-early.json"))
                .as(Role.BACKEND)
                .load()
                .config();

        assertThat(config.backend().applications())
                .singleElement()
                .extracting(ApplicationConfig::applicationPort, ApplicationConfig::domains)
                .containsExactly(80, List.of("nginx.example.com"));
    }

    @Test
    void loadsTheOriginalsApplicationFile() {
        ApplicationDirectory.Reading reading =
                new ApplicationDirectory(Loading.sample("applications"), Map.of()).read();

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.applications())
                .extracting(ApplicationConfig::toApplication)
                .containsExactly(new Application(
                        "app1",
                        List.of("app1.example.com"),
                        List.of("/"),
                        443,
                        7240,
                        ApplicationProtocol.HTTP,
                        null,
                        100,
                        null,
                        ApplicationOptions.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"contract.json", "contract.yaml"})
    void loadsEveryKeyOfTheContractsSample(String sample) throws Exception {
        LoadedConfig loaded = Loading.of(Loading.sample(sample))
                .with("SCRIMP_SECRET", SECRET)
                .with("EXAMPLE_JOIN_TOKEN", TOKEN)
                .load();

        ScrimpConfig config = loaded.config();
        ClusterConfig cluster = config.cluster();
        assertThat(cluster.bindAddress()).contains(InetAddress.getByName("0.0.0.0"));
        assertThat(cluster.configuredPort()).contains(9999);
        assertThat(cluster.name()).isEqualTo("scrimp");
        assertThat(cluster.secret()).contains(ClusterSecret.parse(SECRET, false));
        assertThat(cluster.previousSecret()).isEmpty();
        assertThat(cluster.joinToken().map(JoinToken::reveal)).contains(TOKEN);
        assertThat(cluster.advertiseAddress()).isEmpty();
        assertThat(cluster.advertisePort()).isZero();
        assertThat(config.seedSource().provider()).isEqualTo("s3");
        assertThat(config.seedSource().providerConfig().get("endpoint").asText())
                .isEqualTo("https://s3.example.net");
        assertThat(config.admin().addressFor(Role.BACKEND)).contains(new HostPort("127.0.0.1", 9494));
        LoadBalancerConfig balancer = config.loadBalancer();
        assertThat(balancer.tls().certificates()).hasSize(2);
        assertThat(balancer.tls().acme().orElseThrow().agreeToTerms()).isTrue();
        assertThat(balancer.tls().redirect()).isEqualTo(new TlsConfig.Redirect(TlsConfig.Redirect.Way.PORT, 80));
        assertThat(balancer.tls().plainPorts()).containsExactly(8080);
        assertThat(balancer.allowedListenPorts())
                .containsExactly(new PortRange(80, 80), new PortRange(443, 443), new PortRange(8000, 8999));
        assertThat(balancer.allowedDomains()).containsExactly("*.example.com");
        assertThat(balancer.balance()).isEqualTo(BalancePolicy.P2C);
        assertThat(balancer.trustedProxies()).hasToString("[10.0.0.0/8]");
        assertThat(balancer.staticBackends())
                .containsExactly(new StaticBackendConfig(
                        "legacy",
                        List.of(new HostPort("10.0.0.7", 8080)),
                        Optional.of(443),
                        ApplicationProtocol.HTTP,
                        List.of("old.example.com"),
                        List.of("/"),
                        100,
                        ApplicationOptions.NONE));
        assertThat(balancer.limits().toSpec()).isEqualTo(LimitSpec.defaults());
        assertThat(balancer.timeouts().toSpec()).isEqualTo(TimeoutSpec.defaults());
        assertThat(balancer.accessLog()).isEqualTo(new AccessLogConfig(AccessLogConfig.Format.JSON, Optional.empty()));
        assertThat(config.backend().applications())
                .containsExactly(new ApplicationConfig(
                        "blog",
                        Optional.of(443),
                        8081,
                        ApplicationProtocol.HTTP,
                        List.of("blog.example.com"),
                        List.of("/"),
                        Optional.of("1.4.2"),
                        100,
                        Optional.of(BalancePolicy.P2C),
                        false,
                        ApplicationOptions.NONE,
                        Optional.of(new HealthConfig("/healthz", Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3)),
                        Optional.of(new ResourcesConfig(Optional.of(2.0), Optional.of(512L << 20)))));
    }

    @Test
    void saysWhichKeysOfTheContractsSampleHaveNoEffectYet() throws Exception {
        LoadedConfig loaded = Loading.of(Loading.sample("contract.json"))
                .with("SCRIMP_SECRET", SECRET)
                .with("EXAMPLE_JOIN_TOKEN", TOKEN)
                .load();

        assertThat(loaded.notes())
                .extracting(note -> note.substring(0, note.indexOf(' ')))
                .containsExactly("backend-config.applications[0].health", "backend-config.applications[0].resources");
    }

    @Test
    void masksSecretsAndKnowsEveryOrigin() throws Exception {
        LoadedConfig loaded = Loading.of(Loading.sample("contract.json"))
                .with("SCRIMP_SECRET", SECRET)
                .with("EXAMPLE_JOIN_TOKEN", TOKEN)
                .load();

        assertThat(loaded.values().toString()).doesNotContain(SECRET).doesNotContain(TOKEN);
        assertThat(loaded.toString()).doesNotContain(SECRET).doesNotContain(TOKEN);
        assertThat(loaded.values())
                .extracting(EffectiveValue::toString)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("cluster-secret = ********  # ")
                        .endsWith("contract.json:5:21"));
    }

    @Test
    void startsOnDefaultsWithoutAnyFile() throws Exception {
        ScrimpConfig config = Loading.nothing().as(Role.LOAD_BALANCER).load().config();

        assertThat(config.cluster().portFor(Role.LOAD_BALANCER)).isEqualTo(9999);
        assertThat(config.cluster().bindAddress()).isEmpty();
        assertThat(config.seedSource().provider()).isEqualTo("dummy");
        assertThat(config.admin().addressFor(Role.LOAD_BALANCER)).contains(new HostPort("127.0.0.1", 9494));
        assertThat(config.loadBalancer().allowedListenPorts()).hasToString("[80, 443, 8000-8999]");
        assertThat(config.loadBalancer().limits().toSpec()).isEqualTo(LimitSpec.defaults());
        assertThat(config.loadBalancer().timeouts().toSpec()).isEqualTo(TimeoutSpec.defaults());
        assertThat(config.loadBalancer().accessLog().format()).isEqualTo(AccessLogConfig.Format.OFF);
        assertThat(config.loadBalancer().balance()).isEqualTo(BalancePolicy.ROUND_ROBIN);
        assertThat(config.loadBalancer().transport()).isEqualTo(Transport.AUTO);
    }

    private static String token() {
        Instant end = Instant.now().plus(Duration.ofHours(1));
        return JoinToken.create(ClusterSecret.generate(), Role.BACKEND, Claims.UNLIMITED, end)
                .reveal();
    }
}
