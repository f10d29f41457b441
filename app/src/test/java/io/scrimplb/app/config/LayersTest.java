package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.proxy.ProxyOptions.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayersTest {
    private static final String SECRET = ClusterSecret.generate().reveal();

    @TempDir
    Path directory;

    @Test
    void aFlagCountsMoreThanTheEnvironmentThatMoreThanTheFileThatMoreThanTheDefault() throws Exception {
        LoadedConfig loaded = Loading.text(
                        directory,
                        "scrimp.json",
                        "{\"admin-address\": \"127.0.0.1:1\", \"port\": 2, \"cluster-name\": \"c\"}")
                .with("SCRIMP_ADMIN_ADDRESS", "127.0.0.1:3")
                .with("SCRIMP_PORT", "4")
                .flags(new Overrides(List.of(), List.of(), Optional.of("127.0.0.1:5")))
                .load();

        assertThat(loaded.values())
                .extracting(EffectiveValue::toString)
                .map(line -> line.replace(directory + "/", ""))
                .contains(
                        "admin-address = 127.0.0.1:5  # --admin-address",
                        "port = 4  # environment SCRIMP_PORT",
                        "cluster-name = c  # scrimp.json:1:61",
                        "resolver = auto  # default");
    }

    @ParameterizedTest
    @CsvSource({"auto,AUTO", "Epoll,EPOLL", "IO_uring,IO_URING", "NIO,NIO"})
    void takesATransportWhateverTheCase(String text, Transport expected) throws Exception {
        LoadedConfig loaded = Loading.nothing()
                .with("SCRIMP_LOAD_BALANCER_CONFIG_TRANSPORT", text)
                .load();

        assertThat(loaded.config().loadBalancer().transport()).isEqualTo(expected);
    }

    @Test
    void setsNestedKeysAndListsByTheEnvironment() throws Exception {
        LoadBalancerConfig config = Loading.nothing()
                .with("SCRIMP_LOAD_BALANCER_CONFIG_PUSH_PERIOD", "1m30s")
                .with("SCRIMP_LOAD_BALANCER_CONFIG_TIMEOUTS_DRAIN", "500ms")
                .with("SCRIMP_LOAD_BALANCER_CONFIG_ALLOWED_LISTEN_PORTS", "80, 9000-9100")
                .with("SCRIMP_LOAD_BALANCER_CONFIG_ALLOWED_DOMAINS", "[\"*.Example.com\"]")
                .with(
                        "SCRIMP_LOAD_BALANCER_CONFIG_STATIC_BACKENDS",
                        "[{\"name\": \"old\", \"addresses\": [\"[fd00::7]:80\"]}]")
                .load()
                .config()
                .loadBalancer();

        assertThat(config.pushPeriod()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.timeouts().drain()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.allowedListenPorts()).hasToString("[80, 9000-9100]");
        assertThat(config.allowedDomains()).containsExactly("*.example.com");
        assertThat(config.staticBackends().get(0).addresses()).hasToString("[[fd00::7]:80]");
    }

    @Test
    void showsAUrlWithoutItsQuery() throws Exception {
        assertThat(Loading.text(
                                directory,
                                "scrimp.json",
                                "{\"provider\": \"http\", \"provider-config\": {\"url\": \"http://h/a@b?sig=tok\"}}")
                        .load()
                        .values())
                .extracting(EffectiveValue::toString)
                .anyMatch(line -> line.startsWith("provider-config.url = http://h/a@b?********  # "))
                .noneMatch(line -> line.contains("=tok"));
    }

    @Test
    void showsTheDefaultsOfTheRole() throws Exception {
        assertThat(Loading.nothing().as(Role.LOAD_BALANCER).load().values())
                .extracting(EffectiveValue::toString)
                .contains("admin-address = 127.0.0.1:9494  # default", "port = 9999  # default");
        assertThat(Loading.text(directory, "scrimp.json", "{\"lb\": false}")
                        .load()
                        .values())
                .extracting(EffectiveValue::toString)
                .contains("admin-address = 127.0.0.1:9495  # default", "port = 10000  # default");
        assertThat(Loading.nothing().load().values())
                .extracting(EffectiveValue::toString)
                .contains(
                        "admin-address = 127.0.0.1:9494 (load balancer), 127.0.0.1:9495 (backend)  # default",
                        "port = 9999 (load balancer), 10000 (backend)  # default");
    }

    @Test
    void theClusterPortHangsOnTheRoleUntilSomebodySaysOne() throws Exception {
        ClusterConfig silent = Loading.nothing().load().config().cluster();
        assertThat(silent.portFor(Role.LOAD_BALANCER)).isEqualTo(9999);
        assertThat(silent.portFor(Role.BACKEND)).isEqualTo(10000);
        ClusterConfig said =
                Loading.nothing().with("SCRIMP_PORT", "9999").load().config().cluster();
        assertThat(said.portFor(Role.BACKEND)).isEqualTo(9999);
    }

    @Test
    void readsASecretFromAFileWithoutItsLastLineEnd() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");

        LoadedConfig loaded = Loading.nothing()
                .with("SCRIMP_CLUSTER_SECRET_FILE", secret.toString())
                .load();

        assertThat(loaded.config().cluster().secret()).contains(ClusterSecret.parse(SECRET, false));
        assertThat(loaded.values())
                .extracting(EffectiveValue::toString)
                .contains("cluster-secret = ********  # environment SCRIMP_CLUSTER_SECRET_FILE");
    }

    @Test
    void refusesAVariableAndItsFileTogether() {
        assertThat(Loading.nothing()
                        .with("SCRIMP_CLUSTER_SECRET_FILE", "/nope")
                        .with("SCRIMP_CLUSTER_SECRET", SECRET)
                        .problems())
                .containsExactly("environment SCRIMP_CLUSTER_SECRET_FILE cluster-secret: SCRIMP_CLUSTER_SECRET is set"
                        + " too; keep one of the two");
    }

    @Test
    void namesASecretFileThatIsNotThere() {
        assertThat(Loading.nothing().with("SCRIMP_CLUSTER_SECRET_FILE", "/nope").problems())
                .containsExactly("environment SCRIMP_CLUSTER_SECRET_FILE cluster-secret (/nope): no such file; check"
                        + " the path (relative ones start at the working directory)");
    }

    @Test
    void suggestsTheVariableThatWasMeant() {
        assertThat(Loading.nothing().with("SCRIMP_CLUSTER_NAM", "x").problems())
                .containsExactly(
                        "environment SCRIMP_CLUSTER_NAM: unknown variable (did you mean SCRIMP_CLUSTER_NAME?)");
    }

    @Test
    void saysWhichVariableHoldsABadValue() {
        assertThat(Loading.nothing().with("SCRIMP_PORT", "many").problems())
                .containsExactly("environment SCRIMP_PORT port: must be a port from 0 to 65535, not \"many\"");
        assertThat(Loading.nothing()
                        .with("SCRIMP_BACKEND_CONFIG_APPLICATIONS", "blog")
                        .problems())
                .containsExactly("environment SCRIMP_BACKEND_CONFIG_APPLICATIONS backend-config.applications: write it"
                        + " as JSON, or set its keys one by one");
        assertThat(Loading.nothing()
                        .with("SCRIMP_BACKEND_CONFIG_APPLICATIONS", "[{\"nam\": 1}]")
                        .problems())
                .contains(
                        "environment SCRIMP_BACKEND_CONFIG_APPLICATIONS:1:3 backend-config.applications[0].nam: unknown"
                                + " key (did you mean \"name\"?)");
    }

    @Test
    void leavesVariablesAloneThatAreNoneOfItsKeys() throws Exception {
        LoadedConfig loaded = Loading.text(directory, "scrimp.json", "{\"cluster-name\": \"${SCRIMP_SITE}-1\"}")
                .with("SCRIMP_SITE", "fra")
                .with("SCRIMP_DEBUG", "1")
                .with("SCRIMP_SECRET", "x")
                .with("SCRIMP_CLUSTER_SECRET", "")
                .with("SCRIMP_SERVICE_HOST", "10.0.0.1")
                .with("SCRIMP_PORT", "tcp://10.0.0.1:9999")
                .with("SCRIMP_PORT_9999_TCP_ADDR", "10.0.0.1")
                .load();

        assertThat(loaded.config().cluster().name()).isEqualTo("fra-1");
        assertThat(loaded.config().cluster().portFor(Role.LOAD_BALANCER)).isEqualTo(9999);
        assertThat(loaded.config().cluster().secret()).isEmpty();
    }

    @Test
    void twoDollarsKeepAReferenceAsItIs() throws Exception {
        assertThat(Loading.text(directory, "scrimp.json", "{\"cluster-name\": \"scrimp\", \"admin-token\": \"$${x}\"}")
                        .load()
                        .config()
                        .admin()
                        .token())
                .contains("${x}");
    }

    @Test
    void theEnvironmentReplacesAnAliasInTheFile() throws Exception {
        assertThat(Loading.text(directory, "scrimp.json", "{\"load-balancer-config\": {\"jitter\": \"1s\"}}")
                        .with("SCRIMP_LOAD_BALANCER_CONFIG_PUSH_JITTER", "2s")
                        .load()
                        .config()
                        .loadBalancer()
                        .pushJitter())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void joinReplacesTheProviderAndItsKeys() throws Exception {
        SeedSourceConfig seedSource = Loading.text(
                        directory, "scrimp.json", "{\"provider\": \"s3\", \"provider-config\": {\"bucket\": \"b\"}}")
                .as(Role.BACKEND)
                .flags(new Overrides(List.of("10.0.0.1", "[fd00::1]:9998"), List.of(), Optional.empty()))
                .load()
                .config()
                .seedSource();

        assertThat(seedSource.provider()).isEqualTo("manual");
        assertThat(seedSource.providerConfig()).hasToString("{\"addresses\":[\"10.0.0.1\",\"[fd00::1]:9998\"]}");
    }

    @Test
    void anotherProviderInTheEnvironmentDropsTheKeysOfTheFiles() throws Exception {
        SeedSourceConfig seedSource = Loading.text(
                        directory, "scrimp.json", "{\"provider\": \"s3\", \"provider-config\": {\"bucket\": \"b\"}}")
                .with("SCRIMP_PROVIDER", "http")
                .with("SCRIMP_PROVIDER_CONFIG_URL", "https://seeds.example.com/s.json")
                .with("SCRIMP_PROVIDER_CONFIG_WRITABLE", "true")
                .with("SCRIMP_PROVIDER_CONFIG_TOKEN", "t")
                .load()
                .config()
                .seedSource();

        assertThat(seedSource.providerConfig())
                .hasToString("{\"url\":\"https://seeds.example.com/s.json\",\"token\":\"t\",\"writable\":true}");
    }

    @Test
    void addsTheApplicationsOfFlagsAndReplacesThoseOfTheSameName() throws Exception {
        List<ApplicationConfig> applications = Loading.text(
                        directory,
                        "scrimp.json",
                        "{\"backend-config\": {\"applications\": [{\"name\": \"a\", \"application-port\": 1},"
                                + " {\"name\": \"b\", \"application-port\": 2}]}}")
                .flags(new Overrides(
                        List.of(),
                        List.of(ApplicationFlag.parse("b=3"), ApplicationFlag.parse("c=4,c.example.com@8443")),
                        Optional.empty()))
                .load()
                .config()
                .backend()
                .applications();

        assertThat(applications)
                .extracting(application -> application.name()
                        + application.applicationPort()
                        + application.listenPort().map(port -> "@" + port).orElse("")
                        + application.domains())
                .containsExactly("a1[]", "b3[]", "c4@8443[c.example.com]");
    }

    @Test
    void findsTheFileInTheUsualPlacesInOrderOrByTheEnvironment() throws Exception {
        Path first = Files.writeString(directory.resolve("a.json"), "{\"port\": 1}");
        Path second = Files.writeString(directory.resolve("b.yaml"), "port: 2");
        List<Path> places = List.of(directory.resolve("none.json"), first, second);
        LoadRequest request = new LoadRequest(Optional.empty(), Optional.empty(), Overrides.NONE);

        assertThat(new ConfigLoader(Map.of(), places).load(request).file()).contains(first);
        assertThat(new ConfigLoader(Map.of("SCRIMP_CONFIG", second.toString()), places)
                        .load(request)
                        .config()
                        .cluster()
                        .portFor(Role.LOAD_BALANCER))
                .isEqualTo(2);
    }

    @Test
    void loadsTheSameAgainWhenAsked() throws Exception {
        LoadedConfig first =
                Loading.text(directory, "scrimp.json", "{\"port\": 1}").load();
        Files.writeString(directory.resolve("scrimp.json"), "{\"port\": 2}");

        assertThat(first.source().load().config().cluster().portFor(Role.LOAD_BALANCER))
                .isEqualTo(2);
    }
}
