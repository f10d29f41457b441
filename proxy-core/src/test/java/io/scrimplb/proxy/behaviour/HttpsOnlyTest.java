package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.TestAuthority;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.CertificateSpec;
import io.scrimplb.proxy.spec.ChallengeSpec;
import io.scrimplb.proxy.spec.HstsSpec;
import io.scrimplb.proxy.spec.OriginSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What sends clients to https and keeps them there: redirects, Strict-Transport-Security, schemes; and the challenges on the way. */
@Timeout(30)
final class HttpsOnlyTest {
    private static final String TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
    private static final String CONTENT = TOKEN + ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI";
    private static final String CHALLENGE = "/.well-known/acme-challenge/" + TOKEN;
    private static final CertificateSpec SHOWN = TestAuthority.SHARED.ec("app.example");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private HttpOrigin origin;

    @BeforeEach
    void start() {
        origin = proxy.with(HttpOrigin.start(
                exchange -> exchange.send(200, "app", "Strict-Transport-Security: max-age=1; preload")));
        proxy.start(spec());
    }

    private SpecBuilder spec() {
        UpstreamSpec plain = new UpstreamSpec(
                "plain", BalancePolicy.P2C, List.of(SpecBuilder.endpoint(origin.address(), 100, false)));
        UpstreamSpec strict = new UpstreamSpec(
                "strict",
                BalancePolicy.P2C,
                plain.endpoints(),
                OriginSpec.HTTP,
                Optional.of(new HstsSpec(Duration.ofDays(365), true)));
        SpecBuilder spec = SpecBuilder.web()
                .https("secure", SpecBuilder.anyPort())
                .redirect("to443", 443)
                .redirect("to8443", 8443)
                .upstream(plain)
                .upstream(strict)
                .certificates(SHOWN)
                .challenges(new ChallengeSpec.Http(TOKEN, CONTENT));
        for (String listener : List.of("web", "secure", "to443")) {
            spec.route(listener, "*", "/", "plain").route(listener, "strict.example", "/", "strict");
        }
        return spec;
    }

    private RawClient connect(String listener) throws Exception {
        InetSocketAddress address = proxy.address(listener);
        return proxy.with(
                listener.equals("secure")
                        ? TlsClient.asking("app.example").connect(address)
                        : RawClient.connect(address));
    }

    @ParameterizedTest
    @CsvSource({
        "to443, app.example, /, https://app.example/",
        "to443, app.example:80, /a%2Fb/../c?q=1&r=%20, https://app.example/a%2Fb/../c?q=1&r=%20",
        "to8443, App.Example:8080, /x, https://App.Example:8443/x",
        "to443, app.example., //evil.example/, https://app.example//evil.example/",
        "to443, app.example, /\\evil.example, https://app.example/\\evil.example",
        "to443, app.example, /?@evil.example, https://app.example/?@evil.example",
        "to443, [::1]:80, /, https://[::1]/",
        "to443, app.example, http://app.example, https://app.example/",
        "to443, app.example, http://app.example?a, https://app.example/?a",
    })
    void sendsToTheSameHostAndPathByHttps(String listener, String host, String target, String location)
            throws Exception {
        RawResponse response = connect(listener).get(host, target);

        assertThat(response.status()).isEqualTo(301);
        assertThat(response.head().value("Location")).isEqualTo(location);
        assertThat(origin.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.example@evil.example", "app.example/evil", "evil.example\\@app.example", "a b", "%2e"})
    void aHostThatIsNoneIsRefusedAndNotSentOn(String host) throws Exception {
        RawResponse response = connect("to443").get(host, "/");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.head().has("Location")).isFalse();
    }

    @Test
    void keepsMethodAndConnection() throws Exception {
        RawClient client = connect("to443");
        client.send("POST /form HTTP/1.1\r\nHost: app.example\r\nContent-Length: 3\r\n\r\nabc");
        RawResponse posted = client.response("POST");
        assertThat(posted.status()).isEqualTo(308);
        client.head("HEAD /head HTTP/1.1", "Host: app.example");
        RawResponse head = client.response("HEAD");
        assertThat(head.status()).isEqualTo(301);
        assertThat(head.text()).isEmpty();
        client.head("OPTIONS * HTTP/1.1", "Host: app.example");
        assertThat(client.response().head().value("Location")).isEqualTo("https://app.example/");
        client.head("GET / HTTP/1.0");
        assertThat(client.response().status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "secure", "to443"})
    void everyListenerAnswersTheChallengeForAnyHost(String listener) throws Exception {
        RawClient client = connect(listener);
        RawResponse response = client.get("unknown.example", CHALLENGE);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo(CONTENT);
        client.head("HEAD " + CHALLENGE + " HTTP/1.1", "Host: unknown.example");
        RawResponse head = client.response("HEAD");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
        assertThat(origin.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/acme-challenge/other",
                "/.well-known/acme-challenge/",
                "/.well-known/ACME-challenge/" + TOKEN,
                "//.well-known/acme-challenge/" + TOKEN,
                "/x/../.well-known/acme-challenge/" + TOKEN,
                "/.well-known/acme-challenge/" + TOKEN + "/"
            })
    void onlyTheVeryPathIsAChallenge(String path) throws Exception {
        assertThat(connect("web").get("app.example", path).text()).isEqualTo("app");
    }

    @Test
    void aChallengeThatIsOverIsAnsweredByNobody() throws Exception {
        proxy.swap(spec().challenges());

        assertThat(connect("web").get("app.example", CHALLENGE).text()).isEqualTo("app");
        assertThat(connect("to443").get("app.example", CHALLENGE).status()).isEqualTo(301);
    }

    @Test
    void strictTransportSecurityTakesTheApplicationsOwnPlaceByTlsOnly() throws Exception {
        RawClient secure = connect("secure");

        assertThat(secure.get("strict.example", "/").head().all("Strict-Transport-Security"))
                .containsExactly("max-age=31536000; includeSubDomains");
        assertThat(secure.get("app.example", "/").head().all("Strict-Transport-Security"))
                .as("an application without the policy speaks for itself")
                .containsExactly("max-age=1; preload");
        assertThat(connect("web").get("strict.example", "/").head().all("Strict-Transport-Security"))
                .containsExactly("max-age=1; preload");
    }

    @Test
    void aSchemeThatTheConnectionDoesNotHaveIsMisdirected() throws Exception {
        assertThat(connect("web").get("app.example", "https://app.example/").status())
                .isEqualTo(421);
        assertThat(connect("secure").get("app.example", "http://app.example/").status())
                .isEqualTo(421);
        assertThat(connect("secure").get("app.example", "https://app.example/").status())
                .isEqualTo(200);
        proxy.swap(spec().trusted("127.0.0.0/8").trusted("::1/128"));
        assertThat(connect("web").get("app.example", "https://app.example/").status())
                .isEqualTo(200);
    }

    @Test
    void whatATrustedPeerGotByHttpsIsServedAndNotSentBackForEver() throws Exception {
        assertThat(connect("to443")
                        .get("app.example", "/", "X-Forwarded-Proto: https")
                        .status())
                .as("a stranger's word")
                .isEqualTo(301);
        proxy.swap(spec().trusted("127.0.0.0/8").trusted("::1/128"));
        RawClient client = connect("to443");

        assertThat(client.get("app.example", "/", "X-Forwarded-Proto: HTTPS").text())
                .isEqualTo("app");
        assertThat(client.get("app.example", "/", "X-Forwarded-Proto: https, http")
                        .text())
                .isEqualTo("app");
        for (String other : List.of("X-Forwarded-Proto: http", "X-Forwarded-Proto: http, https", "X-Other: https")) {
            assertThat(client.get("app.example", "/", other).status()).isEqualTo(301);
        }
    }

    @Test
    void redirectingBeginsAndEndsWithASwapAndCutsNothing() throws Exception {
        RawClient before = connect("web");
        assertThat(before.get("app.example", "/").status()).isEqualTo(200);
        InetSocketAddress address = proxy.web();
        SpecBuilder redirecting = SpecBuilder.bare().redirect("web", 443).certificates(SHOWN);

        proxy.swap(redirecting);
        assertThat(before.get("app.example", "/").status()).isEqualTo(301);
        assertThat(proxy.web()).isEqualTo(address);
        proxy.swap(spec());
        assertThat(before.get("app.example", "/").status()).isEqualTo(200);
    }
}
