package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmallTypesTest {
    @ParameterizedTest
    @CsvSource({"500ms,500", "5s,5000", "1m30s,90000", "1h,3600000", "1d,86400000", "0s,0"})
    void readsDurationsAndWritesThemAlike(String text, long millis) throws Exception {
        ScalarType<Duration> type = ScalarTypes.duration(Duration.ZERO, Duration.ofDays(30));

        assertThat(type.parser().parse(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(DurationText.of(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"64k,65536", "10m,10485760", "1g,1073741824", "1024,1024", "32KiB,32768", "1 M,1048576"})
    void readsSizes(String text, long bytes) throws Exception {
        assertThat(ScalarTypes.size(1, 1L << 40).parser().parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2000g", "999999999999g", "0", "1t", "-1k", ""})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> ScalarTypes.size(1, 1L << 40).parser().parse(text))
                .isInstanceOf(BadValueException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "WWW.Example.COM,www.example.com",
        "*.example.com.,*.example.com",
        "bücher.example,xn--bcher-kva.example",
        "localhost,localhost"
    })
    void writesDomainsInOneWay(String text, String domain) throws Exception {
        assertThat(NetworkTypes.DOMAIN.parser().parse(text)).isEqualTo(domain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "-a.example", "a b", "www.*.com", "*", "", "a.example:80", "/x"})
    void refusesWhatIsNoDomain(String text) {
        assertThatThrownBy(() -> NetworkTypes.DOMAIN.parser().parse(text)).isInstanceOf(BadValueException.class);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.7:80,10.0.0.7:80", "[fd00::7]:80,[fd00::7]:80", "Web-1.lan:8080,Web-1.lan:8080"})
    void readsHostsWithPorts(String text, String shown) throws Exception {
        assertThat(NetworkTypes.HOST_PORT.parser().parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd00::7", "[fd00::7]", "host", "10.0.0.1", "Host.Example:9999", "[fd00::7]:9999"})
    void readsHostsWithOrWithoutPorts(String text) throws Exception {
        assertThat(NetworkTypes.HOST_OPTIONAL_PORT.parser().parse(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.0.1,true",
        "10.0.0.0/8,11.0.0.1,false",
        "10.1.2.3/12,10.15.0.1,true",
        "10.1.2.3/12,10.16.0.1,false",
        "0.0.0.0/0,1.2.3.4,true",
        "192.0.2.1,192.0.2.1,true",
        "192.0.2.1,192.0.2.2,false",
        "fd00::/8,fd12::1,true",
        "fd00::/8,fe80::1,false",
        "::/0,1.2.3.4,false"
    })
    void knowsWhatIsInANetwork(String network, String address, boolean inside) throws Exception {
        assertThat(NetworkTypes.CIDR.parser().parse(network).contains(InetAddress.getByName(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({"AUTO,auto", "Interface:eth0,interface:eth0", "static:[::1],static:0:0:0:0:0:0:0:1", "EC2,ec2"})
    void readsResolvers(String text, String resolver) throws Exception {
        assertThat(NetworkTypes.RESOLVER.parser().parse(text)).isEqualTo(resolver);
    }

    @ParameterizedTest
    @CsvSource({"prot,port", "poort,port", "potr,port", "period,push-period", "listen_port,listen-port"})
    void suggestsTheNearestWord(String given, String meant) {
        assertThat(Suggestion.closest(given, List.of("push-period", "listen-port", "port", "lb")))
                .contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xyz", "generator"})
    void suggestsNothingWhenNothingIsNear(String given) {
        assertThat(Suggestion.closest(given, List.of("push-period", "listen-port", "port", "lb")))
                .isEmpty();
    }

    @Test
    void readsAnApplicationFlag() {
        assertThat(ApplicationFlag.parse("blog=8081,blog.example.com@8443,www.blog.example.com"))
                .isEqualTo(new ApplicationFlag(
                        "blog", 8081, Optional.of(8443), List.of("blog.example.com", "www.blog.example.com")));
        assertThat(ApplicationFlag.parse("db=5432"))
                .isEqualTo(new ApplicationFlag("db", 5432, Optional.empty(), List.of()));
        assertThat(ApplicationFlag.parse("any=80,@8080").listenPort()).contains(8080);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "blog | expected NAME=PORT[,domain...] such as blog=8081,blog.example.com, not \"blog\"",
                "blog=x | must be a port from 1 to 65535, not \"x\"",
                "a=1,a@80,b@81 | one application has one listen port, not 80 and 81; give --app twice under two names",
                "a=1, | must be a domain such as www.example.com or *.example.com, not \"\""
            })
    void saysWhatIsWrongWithAnApplicationFlag(String flag, String message) {
        assertThatThrownBy(() -> ApplicationFlag.parse(flag)).hasMessage(message);
    }

    @Test
    void theReferencePageHasEveryKeyAndItsVariable() {
        String page = ConfigReference.markdown();

        assertThat(page)
                .contains("| `push-jitter` (also `jitter`) | duration, 0s to 1d | `5s` |")
                .contains("`SCRIMP_LOAD_BALANCER_CONFIG_TIMEOUTS_CLIENT_HEADER`")
                .contains("`SCRIMP_PROVIDER_CONFIG_BUCKET`")
                .contains("## element of load-balancer-config.static-backends")
                .contains("## application.health");
    }

    @Test
    void eachRowOfTheReferencePageHasTheCellsOfItsTable() {
        Pattern bar = Pattern.compile("(?<!\\\\)\\|");
        long columns = 0;
        for (String line : ConfigReference.markdown().split("\n")) {
            long bars = bar.matcher(line).results().count();
            columns = line.startsWith("| Key |") ? bars : columns;
            assertThat(bars).as(line).isEqualTo(line.startsWith("|") ? columns : 0);
        }
    }
}
