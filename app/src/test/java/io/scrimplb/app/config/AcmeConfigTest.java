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

    @Test
    void anAuthorityThatComesByHttpNeedsAListenerInClearText() throws Exception {
        String http = "\"email\": \"me@example.com\", \"agree-to-terms\": true, \"challenge\": \"http-01\"";
        String needed = "nothing is sure to answer the authority in clear text";
        assertThat(problem(http, "\"https-redirect-port\": \"off\"")).contains("challenge: is http-01", needed);
        assertThat(problem(http, "\"plain-ports\": [80]")).contains(needed);
        assertThat(tls(http, "").on()).isTrue();
        // Port 80 of what stands in front may lead there.
        assertThat(tls(http, "\"https-redirect-port\": 8080").on()).isTrue();
        assertThat(tls(
                                http,
                                "\"https-redirect-port\": \"off\", \"plain-ports\": [80], \"static-backends\": [{\"name\":"
                                        + " \"a\", \"listen-port\": 80, \"addresses\": \"10.0.0.1:80\"}]")
                        .on())
                .isTrue();
        assertThat(tls(http.replace("http-01", "auto"), "\"https-redirect-port\": \"off\"")
                        .on())
                .isTrue();
    }

    private TlsConfig tls(String acme) throws ConfigException {
        return tls(acme, "");
    }

    private TlsConfig tls(String acme, String others) throws ConfigException {
        return Loading.text(directory, "lb.json", json(acme, others))
                .load()
                .config()
                .loadBalancer()
                .tls();
    }

    private String problem(String acme) {
        return problem(acme, "");
    }

    private String problem(String acme, String others) {
        return catchThrowableOfType(
                        ConfigException.class,
                        () -> Loading.text(directory, "lb.json", json(acme, others))
                                .load())
                .problems()
                .toString();
    }

    private static String json(String acme, String others) {
        return "{\"load-balancer-config\": {\"acme\": {" + acme + "}" + (others.isEmpty() ? "" : ", " + others) + "}}";
    }
}
