package io.scrimplb.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user has to write for automatic certificates, and what is refused with a word. */
class AcmeConfigTest {
    @TempDir
    Path directory;

    @Test
    void anAddressAndTheAgreementAreAll() throws Exception {
        TlsConfig tls = tls("\"email\": \"me@example.com\", \"agree-to-terms\": true");

        AcmeConfig acme = tls.acme().orElseThrow();
        assertThat(acme.email()).isEqualTo("me@example.com");
        assertThat(acme.directory()).isEmpty();
        assertThat(acme.challenge()).isEqualTo(AcmeConfig.Challenge.AUTO);
        assertThat(acme.check()).isTrue();
        assertThat(acme.httpPort()).isEqualTo(80);
        assertThat(tls.on()).isTrue();
    }

    @Test
    void whatElseThereIsCanBeSaid() throws Exception {
        AcmeConfig acme = tls("\"email\": \"me@example.com\", \"agree-to-terms\": true, \"ca\": \"/ca.pem\","
                        + " \"dns-hook\": \"/hook\", \"challenge\": \"dns-01\", \"check\": false, \"http-port\": 5002")
                .acme()
                .orElseThrow();

        assertThat(acme.authorityRoots()).contains(Path.of("/ca.pem"));
        assertThat(acme.dnsHook()).contains(Path.of("/hook"));
        assertThat(acme.challenge()).isEqualTo(AcmeConfig.Challenge.DNS_01);
        assertThat(acme.check()).isFalse();
        assertThat(acme.httpPort()).isEqualTo(5002);
    }

    @Test
    void withoutTheAgreementOrAnAddressItDoesNotStart() {
        assertThat(problem("\"email\": \"me@example.com\"")).contains("agree-to-terms");
        assertThat(problem("\"email\": \"me@example.com\", \"agree-to-terms\": false"))
                .contains("agrees to its terms");
        assertThat(problem("\"agree-to-terms\": true")).contains("email");
        assertThat(problem("\"email\": \"nobody\", \"agree-to-terms\": true")).contains("no e-mail address");
    }

    @Test
    void recordsInDnsNeedTheHook() {
        assertThat(problem("\"email\": \"me@example.com\", \"agree-to-terms\": true, \"challenge\": \"dns-01\""))
                .contains("dns-hook");
    }

    private TlsConfig tls(String acme) throws ConfigException {
        return Loading.text(directory, "lb.json", json(acme))
                .load()
                .config()
                .loadBalancer()
                .tls();
    }

    private String problem(String acme) {
        return catchThrowableOfType(
                        ConfigException.class,
                        () -> Loading.text(directory, "lb.json", json(acme)).load())
                .problems()
                .toString();
    }

    private static String json(String acme) {
        return "{\"load-balancer-config\": {\"acme\": {" + acme + "}}}";
    }
}
