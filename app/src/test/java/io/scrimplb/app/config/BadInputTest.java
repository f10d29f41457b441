package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.scrimplb.membership.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad input is one exact line. */
class BadInputTest {
    @TempDir
    Path directory;

    static Stream<Arguments> badJson() {
        return Stream.of(
                arguments("{\"prot\": 1}", "1:2 prot: unknown key (did you mean \"port\"?)"),
                arguments(
                        "{\"bind_address\": \"::1\"}",
                        "1:2 bind_address: unknown key (did you mean \"bind-address\"?)"),
                arguments(
                        "{\n  \"load-balancer-config\": {\n    \"push-perod\": \"5s\"\n  }\n}",
                        "3:5 load-balancer-config.push-perod: unknown key (did you mean \"push-period\"?)"),
                arguments(
                        "{\"load-balancer-config\": {\"limits\": {\"frobnicate\": 1}}}",
                        "1:38 load-balancer-config.limits.frobnicate: unknown key; known here are header-bytes,"
                                + " header-count, connections, memory"),
                arguments(
                        "{\"bind-address\": \"203.0.113.7\"}",
                        "1:18 bind-address: 203.0.113.7 is public, and without a cluster secret anybody there could"
                                + " join: set cluster-secret ('scrimp secret' prints one), or bind a loopback or private"
                                + " address (a VPN's will do)"),
                arguments(
                        "{\"advertise-address\": \"0.0.0.0\"}",
                        "1:23 advertise-address: 0.0.0.0 is no address at which others could reach this member"),
                arguments(
                        "{\"provider\": \"http\", \"provider-config\": {\"url\": \"http://u:hunter2@h/p\"}}",
                        "1:49 provider-config.url: holds a user name or a password before its host; URLs end up in logs,"
                                + " so leave that out and write https://host/path"),
                arguments(
                        "{\"provider\": \"http\", \"provider-config\": {\"url\": \"htp://u:hunter2@h//p?s=t\"}}",
                        "1:49 provider-config.url: must be a URL such as https://host/path, not"
                                + " \"htp://********@h//p?********\""),
                arguments("{\"port\": \"99999\"}", "1:10 port: must be a port from 0 to 65535, not \"99999\""),
                arguments("{\"port\": -1}", "1:10 port: must be a port from 0 to 65535, not \"-1\""),
                arguments(
                        "{\"port\": true}",
                        "1:10 port: expected port, 0 for any, not true; put it in quotes if it is a text"),
                arguments("{\"port\": [1]}", "1:10 port: expected port, 0 for any, not a list"),
                arguments("{\"port\": {}}", "1:10 port: expected port, 0 for any, not an object"),
                arguments(
                        "{\"port\": 1, \"port\": 2}",
                        "1:13 port: stands twice in the same object, first at scrimp.json:1:2"),
                arguments("{\"lb\": \"maybe\"}", "1:8 lb: must be true or false, not \"maybe\""),
                arguments(
                        "{\"cluster-name\": \"a b\"}",
                        "1:18 cluster-name: \"a b\" is not a name: 1 to 64 letters, digits, dots, dashes and underscores"),
                arguments(
                        "{\"bind-address\": \"example.com\"}",
                        "1:18 bind-address: must be an IPv4 or IPv6 address such as 10.0.0.7 or fd00::7, not \"example.com\""),
                arguments(
                        "{\"bind-address\": \"10.0.0.256\"}",
                        "1:18 bind-address: must be an IPv4 or IPv6 address such as 10.0.0.7 or fd00::7, not \"10.0.0.256\""),
                arguments(
                        "{\"cluster-secret\": \"\"}",
                        "1:20 cluster-secret: is empty; leave the key out or give it a value"),
                arguments(
                        "{\"cluster-secret\": \"${SCRIMP_SECRET}\"}",
                        "1:20 cluster-secret: the environment variable SCRIMP_SECRET is not set"),
                arguments(
                        "{\"cluster-name\": \"${no name}\"}",
                        "1:18 cluster-name: \"${no name}\" does not name an environment variable; $${ stands for ${"
                                + " itself"),
                arguments("{\"provider\": \"s4\"}", "1:14 provider: unknown provider \"s4\" (did you mean \"s3\"?)"),
                arguments(
                        "{\"provider\": \"consul\"}",
                        "1:14 provider: unknown provider \"consul\"; known are manual, file, s3, http, dns, dummy"),
                arguments("{\"provider\": \"file\"}", "1:14 provider-config: is missing; the provider file needs it"),
                arguments(
                        "{\"provider\": \"file\", \"provider-config\": {}}",
                        "1:41 provider-config.path: is missing; it has no default"),
                arguments(
                        "{\"provider\": \"s3\", \"provider-config\": {\"bucket\": \"b\", \"regoin\": \"r\"}}",
                        "1:55 provider-config.regoin: unknown key (did you mean \"region\"?)"),
                arguments(
                        "{\"provider\": \"dummy\", \"provider-config\": {\"ip\": \"::1\"}}",
                        "1:43 provider-config.ip: unknown key; no key may stand here"),
                arguments(
                        "{\"provider\": \"manual\", \"provider-config\": {\"port\": 1}}",
                        "1:43 provider-config: needs ip, or addresses with at least one host:port, for the provider manual"),
                arguments(
                        "{\"provider\": \"manual\", \"provider-config\": {\"ip\": \"a:b:c\"}}",
                        "1:50 provider-config.ip: must be host:port such as 10.0.0.7:8080 or [fd00::7]:8080, not \"a:b:c\""),
                arguments(
                        "{\"provider\": \"http\", \"provider-config\": {\"url\": \"ftp://x\"}}",
                        "1:49 provider-config.url: must be a URL such as https://host/path, not \"ftp://x\""),
                arguments(
                        "{\"provider-config\": {\"ip\": \"::1\"}}",
                        "1:21 provider-config: is there, but provider is not; say which one it is for"),
                arguments(
                        "{\"resolver\": \"ipv5\"}",
                        "1:14 resolver: unknown resolver \"ipv5\" (did you mean \"ipv4\"?)"),
                arguments(
                        "{\"resolver\": \"interface:\"}", "1:14 resolver: name the interface, such as interface:eth0"),
                arguments(
                        "{\"admin-address\": \"9494\"}",
                        "1:19 admin-address: must be host:port such as 10.0.0.7:8080 or [fd00::7]:8080, not \"9494\""),
                arguments(
                        "{\"admin-address\": \"0.0.0.0:9494\"}",
                        "1:19 admin-address: 0.0.0.0:9494 can be reached by others; set admin-token too, or use 127.0.0.1"),
                arguments(
                        "{\"load-balancer-config\": {\"push-period\": \"5\"}}",
                        "1:42 load-balancer-config.push-period: must be a duration with a unit such as 500ms, 5s, 1m30s or 1h, not \"5\""),
                arguments(
                        "{\"load-balancer-config\": {\"push-period\": \"10ms\"}}",
                        "1:42 load-balancer-config.push-period: must be 1s to 1d, not 10ms"),
                arguments(
                        "{\"load-balancer-config\": {\"balance\": \"rond-robin\"}}",
                        "1:38 load-balancer-config.balance: unknown policy \"rond-robin\" (did you mean \"round-robin\"?)"),
                arguments(
                        "{\"load-balancer-config\": {\"transport\": \"io-uring\"}}",
                        "1:40 load-balancer-config.transport: unknown transport \"io-uring\" (did you mean \"io_uring\"?)"),
                arguments(
                        "{\"load-balancer-config\": {\"limits\": {\"header-bytes\": \"1g\"}}}",
                        "1:54 load-balancer-config.limits.header-bytes: must be 1k to 256k, not 1g"),
                arguments(
                        "{\"load-balancer-config\": {\"limits\": {\"header-bytes\": \"many\"}}}",
                        "1:54 load-balancer-config.limits.header-bytes: must be a size such as 64k, 10m or 1g, not \"many\""),
                arguments(
                        "{\"load-balancer-config\": {\"limits\": {\"connections\": 0}}}",
                        "1:53 load-balancer-config.limits.connections: must be a number from 1 to 10000000, not \"0\""),
                arguments(
                        "{\"load-balancer-config\": {\"allowed-listen-ports\": [\"9000-8000\"]}}",
                        "1:52 load-balancer-config.allowed-listen-ports[0]: the range \"9000-8000\" ends before it starts; write 8000-9000"),
                arguments(
                        "{\"load-balancer-config\": {\"allowed-listen-ports\": []}}",
                        "1:51 load-balancer-config.allowed-listen-ports: is empty, so no application could be reached; leave it out for 80, 443, 8000-8999"),
                arguments(
                        "{\"load-balancer-config\": {\"allowed-domains\": [\"*\"]}}",
                        "1:47 load-balancer-config.allowed-domains[0]: \"*\" is not a domain; leave the list empty for any host"),
                arguments(
                        "{\"load-balancer-config\": {\"trusted-proxies\": [\"10.0.0.0/33\"]}}",
                        "1:47 load-balancer-config.trusted-proxies[0]: must be a network such as 10.0.0.0/8 or fd00::/8, not \"10.0.0.0/33\""),
                arguments(
                        "{\"load-balancer-config\": {\"tls-chain-location\": \"/c.pem\"}}",
                        "1:49 load-balancer-config.tls-chain-location: is there without tls-key-location; a certificate needs both"),
                arguments(
                        "{\"load-balancer-config\": {\"certificates\": {\"chain\": \"a\"}}}",
                        "1:43 load-balancer-config.certificates: expected a list of certificates [ … ], not an object"),
                arguments(
                        "{\"load-balancer-config\": {\"static-backends\": [{\"name\": \"a\", \"addresses\": [\"10.0.0.7\"]}]}}",
                        "1:75 load-balancer-config.static-backends[0].addresses[0]: must be host:port such as 10.0.0.7:8080 or [fd00::7]:8080, not \"10.0.0.7\""),
                arguments(
                        "{\"load-balancer-config\": {\"static-backends\": [{\"name\": \"a\", \"addresses\": []}]}}",
                        "1:74 load-balancer-config.static-backends[0].addresses: is empty; name at least one host:port"),
                arguments(
                        "{\"load-balancer-config\": []}",
                        "1:26 load-balancer-config: expected an object { … }, not a list"),
                arguments(
                        "{\"load-balancer-config\": {\"push-jitter\": \"1s\", \"jitter\": \"2s\"}}",
                        "1:48 load-balancer-config.jitter: is the same key as another one of this object; keep \"push-jitter\""),
                arguments(
                        "{\"backend-config\": {\"applications\": [{\"application-port\": 1}]}}",
                        "1:38 backend-config.applications[0].name: is missing; it has no default"),
                arguments(
                        app("\"protocol\": \"htp\""),
                        "1:87 backend-config.applications[0].protocol: unknown protocol \"htp\" (did you mean \"http\"?)"),
                arguments(
                        app("\"protocol\": \"tcp\""),
                        "1:87 backend-config.applications[0].listen-port: is missing; with protocol tcp the port is all that tells applications apart"),
                arguments(
                        app("\"paths\": [\"blog\"]"),
                        "1:85 backend-config.applications[0].paths[0]: a path starts with /, not \"blog\""),
                arguments(
                        app("\"domains\": [\"http://a\"]"),
                        "1:87 backend-config.applications[0].domains[0]: must be a domain such as www.example.com or *.example.com, not \"http://a\"; without scheme, port and path"),
                arguments(
                        app("\"weight\": 1001"),
                        "1:85 backend-config.applications[0].weight: must be a number from 1 to 1000, not \"1001\""),
                arguments(
                        app("\"resources\": {\"cpu\": 0}"),
                        "1:96 backend-config.applications[0].resources.cpu: must be a number of cores above 0, such as 0.5, not \"0\""),
                arguments(
                        "{\"backend-config\": {\"applications\": [\n{\"name\": \"a\", \"application-port\": 1},\n{\"name\": \"a\", \"application-port\": 2}]}}",
                        "3:10 backend-config.applications[1].name: \"a\" is taken by the one at scrimp.json:2:10"),
                arguments("[]", "1:1: expected an object { … }, not a list"),
                arguments("", "1:1: the file is empty; the least is {}"),
                arguments("{} {}", "1:4: one document is enough; nothing may follow its end"),
                arguments(
                        "{\n  \"port\": 1,\n}",
                        "3:1: not valid JSON: Unexpected character ('}' (code 125)): was expecting double-quote to start field name"),
                arguments("[".repeat(60) + "]".repeat(60), "1:51: nested deeper than 50 levels"));
    }

    private static String app(String more) {
        return "{\"backend-config\": {\"applications\": [{\"name\": \"a\", \"application-port\": 1, " + more + "}]}}";
    }

    @ParameterizedTest
    @MethodSource("badJson")
    void saysOneLineForEachFault(String text, String line) {
        assertThat(Loading.text(directory, "scrimp.json", text).problems()).containsExactly("scrimp.json:" + line);
    }

    static Stream<Arguments> badYaml() {
        return Stream.of(
                arguments("port: 99999\n", "1:7 port: must be a port from 0 to 65535, not \"99999\""),
                arguments("prot: 1\n", "1:1 prot: unknown key (did you mean \"port\"?)"),
                arguments("port: 1\nport: 2\n", "2:1 port: stands twice in the same object, first at scrimp.yaml:1:1"),
                arguments(
                        "load-balancer-config:\n  timeouts:\n    drain: soon\n",
                        "3:12 load-balancer-config.timeouts.drain: must be a duration with a unit such as 500ms, 5s,"
                                + " 1m30s or 1h, not \"soon\""),
                arguments(
                        "cluster-name: *other\n",
                        "1:15: aliases (*name) are not supported; write the value, in quotes if it is a text"),
                arguments("port: [1\n", "1:9: not valid YAML: expected ',' or ']', but got <stream end>"),
                arguments("port: 1\n---\nport: 2\n", "3:1: one document is enough; nothing may follow its end"));
    }

    @ParameterizedTest
    @MethodSource("badYaml")
    void saysOneLineForEachFaultInYaml(String text, String line) {
        assertThat(Loading.text(directory, "scrimp.yaml", text).problems()).containsExactly("scrimp.yaml:" + line);
    }

    @Test
    void reportsEveryFaultOfAFileInTheOrderOfItsLines() {
        String text = "{\n \"resolver\": \"x\",\n \"prot\": 1,\n \"port\": \"a\"\n}";

        assertThat(Loading.text(directory, "scrimp.json", text).problems())
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("scrimp.json:2:14", "scrimp.json:3:2", "scrimp.json:4:10");
    }

    @Test
    void stopsCountingFaultsAtAHundred() {
        StringBuilder text = new StringBuilder("{\"x\": 1");
        for (int i = 0; i < 200; i++) {
            text.append(", \"unheard-of-").append(i).append("\": 1");
        }

        assertThat(Loading.text(directory, "scrimp.json", text + "}").problems())
                .hasSize(101)
                .last()
                .isEqualTo("and 101 more problems like these");
    }

    @Test
    void refusesAFileForTheOtherRole() {
        assertThat(Loading.text(directory, "scrimp.json", "{\"lb\": true, \"provider\": \"dummy\"}")
                        .as(Role.BACKEND)
                        .problems())
                .containsExactly(
                        "scrimp.json:1:8 lb: is true, so the file is for 'scrimp lb', but the command is 'backend'");
    }

    @Test
    void tellsABackendWithoutAProviderWhatToDo() {
        assertThat(Loading.nothing().as(Role.BACKEND).problems())
                .containsExactly("provider: is missing; a backend must know where its load balancer is: give --join"
                        + " HOST[:PORT], or set provider to one of manual, file, s3, http, dns");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThat(Loading.of(directory.resolve("nope.json")).problems())
                .containsExactly(
                        "nope.json: no such file; check the path (relative ones start at the working directory)");
    }

    @Test
    void refusesADirectoryAHugeFileAndOneThatIsNotText() throws Exception {
        Path huge = directory.resolve("huge.json");
        Files.write(huge, new byte[SourceFile.MAX_BYTES + 1]);
        Path binary = directory.resolve("binary.json");
        Files.write(binary, new byte[] {(byte) 0xc3, 0x28});
        Path folder = Files.createDirectory(directory.resolve("folder.json"));

        assertThat(Loading.of(huge).problems())
                .containsExactly("huge.json: larger than 1024 KiB; such a file is a mistake");
        assertThat(Loading.of(binary).problems())
                .containsExactly("binary.json: is not UTF-8 text; save it in that encoding");
        assertThat(Loading.of(folder).problems()).containsExactly("folder.json: is a directory, not a file");
    }

    @Test
    void keepsAMessageOneLineWhateverIsInTheFile() {
        String nasty = "{\"a\\nb\\u001b[31m" + "x".repeat(500) + "\": 1}";

        assertThat(Loading.text(directory, "scrimp.json", nasty).problems())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .doesNotContain("\n")
                        .doesNotContain("\u001b")
                        .hasSizeLessThan(400));
    }

    @Test
    void readsAByteOrderMark() throws Exception {
        Path file = Files.write(directory.resolve("bom.json"), "\ufeff{\"port\": 1}".getBytes(StandardCharsets.UTF_8));

        assertThat(Loading.of(file).load().config().cluster().portFor(Role.LOAD_BALANCER))
                .isEqualTo(1);
    }
}
