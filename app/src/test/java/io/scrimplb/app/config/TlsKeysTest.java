package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.certificates.TestAuthority;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.wire.ApplicationRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TlsKeysTest {
    private static final TestAuthority AUTHORITY = TestAuthority.root("root");

    @TempDir
    Path directory;

    private Loading balancer(String keys) {
        return Loading.text(directory, "lb.json", "{\"load-balancer-config\": {" + keys + "}}");
    }

    private Loading application(String keys) {
        return Loading.text(
                directory,
                "backend.json",
                "{\"backend-config\": {\"applications\": [{\"name\": \"a\", \"application-port\": 1, " + keys + "}]}}");
    }

    private ApplicationOptions options(String keys) throws ConfigException {
        return application(keys).load().config().backend().applications().get(0).options();
    }

    @Test
    void anApplicationSaysHowItIsSpokenWith() throws Exception {
        Path ca = Files.writeString(
                directory.resolve("ca.pem"), "our own authority\n" + TestAuthority.pem(AUTHORITY.certificate()));

        ApplicationOptions options = options("\"protocol\": \"https\", \"backend-tls\": {\"ca\": \"" + ca
                + "\", \"server-name\": \"Inner.Example.com\"}, \"proxy-protocol\": \"v2\","
                + " \"hsts\": {\"max-age\": \"365d\", \"include-subdomains\": true}");

        assertThat(options)
                .isEqualTo(new ApplicationOptions(
                        new ApplicationOptions.BackendTls(
                                TestAuthority.pem(AUTHORITY.certificate()), "inner.example.com", false),
                        ApplicationOptions.ProxyProtocol.V2,
                        new ApplicationOptions.Hsts(365L * 24 * 3600, true)));
        assertThat(application("\"protocol\": \"https\", \"backend-tls\": {\"ca\": \"" + ca + "\"}")
                        .load()
                        .config()
                        .backend()
                        .applications())
                .allMatch(one -> ApplicationRules.broken(one.toApplication()).isEmpty());
        assertThat(options("\"protocol\": \"h2c\"")).isEqualTo(ApplicationOptions.NONE);
    }

    @Test
    void anAuthorityThatCannotBeUsedIsAMistake() throws Exception {
        String key = "\"protocol\": \"https\", \"backend-tls\": {\"ca\": \"" + directory + "/ca.pem\"}";
        assertThat(application(key).problems()).singleElement().asString().contains("ca.pem", "no such file");
        Files.writeString(directory.resolve("ca.pem"), "hello");
        assertThat(application(key).problems()).singleElement().asString().contains("no PEM file");
        Files.writeString(
                directory.resolve("ca.pem"),
                TestAuthority.pem(IntStream.range(0, 60)
                        .mapToObj(i -> TestAuthority.root("root" + i).certificate())
                        .toArray(X509Certificate[]::new)));
        assertThat(application(key).problems()).singleElement().asString().contains("more than 16 KiB");
    }

    @Test
    void whatDoesNotFitTheProtocolIsAMistake() {
        assertThat(application("\"protocol\": \"tls\"").problems())
                .singleElement()
                .asString()
                .contains("domains: is missing", "protocol tls");
        assertThat(application("\"protocol\": \"http\", \"backend-tls\": {}").problems())
                .singleElement()
                .asString()
                .contains("backend-tls: is for protocol https only");
        assertThat(application("\"protocol\": \"tcp\", \"listen-port\": 8500, \"hsts\": {\"max-age\": \"1d\"}")
                        .problems())
                .singleElement()
                .asString()
                .contains("hsts: is for HTTP");
        assertThat(application("\"protocol\": \"https\", \"backend-tls\": {\"server-name\": \"*.a.test\"}")
                        .problems())
                .singleElement()
                .asString()
                .contains("must be one name");
    }

    @Test
    void theRedirectPortIsNeitherPlainNorThatOfHttps() throws Exception {
        assertThat(balancer("\"https-redirect-port\": 8080, \"plain-ports\": [8080]")
                        .problems())
                .singleElement()
                .asString()
                .contains("stands in plain-ports too");
        assertThat(balancer("\"https-redirect-port\": 443").problems())
                .singleElement()
                .asString()
                .contains("443 is the port of https");
        assertThat(balancer("\"https-redirect-port\": \"off\"")
                        .load()
                        .config()
                        .loadBalancer()
                        .tls()
                        .redirect())
                .isEqualTo(TlsConfig.Redirect.OFF);
        assertThat(balancer("\"https-redirect-port\": 8081").load().notes())
                .singleElement()
                .asString()
                .contains("there are no certificates, so nothing is https");
    }

    @Test
    void theRedirectLeadsToNoClearText() throws Exception {
        String certificate = "\"tls-chain-location\": \"a.pem\", \"tls-key-location\": \"a.key\"";
        assertThat(balancer(certificate + ", \"plain-ports\": [443]").problems())
                .singleElement()
                .asString()
                .contains("plain-ports: 443 is where the redirect to https leads", "https-redirect-port to off");
        assertThat(balancer(certificate + ", \"plain-ports\": [443], \"https-redirect-port\": 8080")
                        .problems())
                .hasSize(1);
        assertThat(balancer(certificate + ", \"plain-ports\": [443], \"https-redirect-port\": \"off\"")
                        .load()
                        .config()
                        .loadBalancer()
                        .tls()
                        .plainPorts())
                .containsExactly(443);
        assertThat(balancer("\"plain-ports\": [443]").load().config()).isNotNull();
    }

    @Test
    void certificatesAreCheckedWhollyAtThePlaceThatNamesThem() throws Exception {
        Path chain = directory.resolve("chain.pem");
        Path key = directory.resolve("key.pem");
        TestAuthority.Issued issued = AUTHORITY.issue("a.test");
        issued.write(chain, key);
        Loading loading = balancer("\"tls-chain-location\": \"" + chain + "\", \"tls-key-location\": \"" + key + "\"");
        assertThat(CertificateFiles.check(loading.load(), Instant.now()).problems())
                .isEmpty();

        Files.writeString(key, AUTHORITY.issue("a.test").keyPem());
        assertThat(CertificateFiles.check(loading.load(), Instant.now()).problems())
                .singleElement()
                .asString()
                .contains("lb.json:1:", "tls-chain-location", "holds no certificate that the key in", "key.pem");

        Files.writeString(key, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThat(CertificateFiles.check(loading.load(), Instant.now()).problems())
                .singleElement()
                .asString()
                .contains("tls-key-location", "encrypted");

        AUTHORITY.issueFor(Duration.ofDays(-1), "a.test").write(chain, key);
        CertificateFiles.Check expired = CertificateFiles.check(loading.load(), Instant.now());
        assertThat(expired.problems()).isEmpty();
        assertThat(expired.notes()).singleElement().asString().contains("chain.pem: expired at");
    }
}
