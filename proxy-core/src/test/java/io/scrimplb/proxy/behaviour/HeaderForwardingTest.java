package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Which header lines reach an origin, and how (contract, 'Towards backends'). What strangers must not get past the proxy is in
 * the package {@code strict}.
 */
@Timeout(60)
class HeaderForwardingTest {
    private static final Set<String> OURS =
            Set.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-request-id");

    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private final RecordingOrigin origin = proxy.with(RecordingOrigin.start());

    /** Sends a GET with these lines after its Host, and gives the head that reached the origin. */
    private MessageHead forwardedFromTrusted(String... lines) throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).trusted("127.0.0.0/8").trusted("::1/128"));
        return send(lines);
    }

    private MessageHead send(String... lines) throws IOException, InterruptedException {
        RawResponse response = proxy.client().get("a.test", "/", lines);
        assertThat(response.status()).isEqualTo(200);
        return origin.next().head();
    }

    private static List<String> linesOfTheClient(MessageHead head) {
        return head.fields().stream()
                .filter(field -> !OURS.contains(field.name().toLowerCase(Locale.ROOT)))
                .map(MessageHead.Field::toString)
                .toList();
    }

    @Test
    void theOtherLinesKeepTheirOrderTheirCaseAndTheirBytes() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        RawClient client = proxy.client();
        client.head(
                "GET /a%2fb;p=1?q=%zz&r=[]|{} HTTP/1.1",
                "uSER-aGENT: x/1 (a; b)",
                "Host: Blog.Example.com:8443",
                "accept:*/*",
                "X-Twice: one",
                "Cookie: a=b; c=\"d e\"",
                "X-Empty:",
                "X-Twice: two",
                "x-bytes: \u00e9\u00ff\t|",
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "tracestate: congo=t61rcWkgMzE",
                "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");

        assertThat(client.response().status()).isEqualTo(200);
        MessageHead head = origin.next().head();
        assertThat(head.startLine()).isEqualTo("GET /a%2fb;p=1?q=%zz&r=[]|{} HTTP/1.1");
        assertThat(linesOfTheClient(head))
                .containsExactly(
                        "uSER-aGENT: x/1 (a; b)",
                        "Host: Blog.Example.com:8443",
                        "accept: */*",
                        "X-Twice: one",
                        "Cookie: a=b; c=\"d e\"",
                        "X-Empty: ",
                        "X-Twice: two",
                        "x-bytes: \u00e9\u00ff\t|",
                        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "tracestate: congo=t61rcWkgMzE",
                        "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    @Test
    void aRequestWithoutForwardingLinesGetsThem() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));
        int port = proxy.web().getPort();

        proxy.client().get("Blog.example.com:" + port, "/");

        MessageHead head = origin.next().head();
        assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(head.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(head.all("X-Forwarded-Host")).containsExactly("Blog.example.com:" + port);
        assertThat(head.all("X-Forwarded-Port")).containsExactly(Integer.toString(port));
        assertThat(head.all("X-Request-Id")).hasSize(1);
    }

    @Test
    void aTrustedProxyIsBelievedAndItsOwnAddressAppended() throws Exception {
        MessageHead head = forwardedFromTrusted(
                "X-Forwarded-For: 198.51.100.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: shop.test",
                "X-Forwarded-Port: 443");

        assertThat(String.join(", ", head.all("X-Forwarded-For"))).isEqualTo("198.51.100.7, 127.0.0.1");
        assertThat(head.all("X-Forwarded-Proto")).containsExactly("https");
        assertThat(head.all("X-Forwarded-Host")).containsExactly("shop.test");
        assertThat(head.all("X-Forwarded-Port")).containsExactly("443");
    }

    @Test
    void severalLinesOfATrustedProxyKeepTheirOrder() throws Exception {
        MessageHead head =
                forwardedFromTrusted("X-Forwarded-For: 198.51.100.7, 203.0.113.1", "X-Forwarded-For: 203.0.113.2");

        assertThat(String.join(", ", head.all("X-Forwarded-For")))
                .isEqualTo("198.51.100.7, 203.0.113.1, 203.0.113.2, 127.0.0.1");
    }

    @Test
    void aTrustedProxyThatSaysNothingGetsTheLinesAsAnyone() throws Exception {
        MessageHead head = forwardedFromTrusted();

        assertThat(head.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(head.all("X-Forwarded-Proto")).containsExactly("http");
        assertThat(head.all("X-Forwarded-Host")).containsExactly("a.test");
    }

    @Test
    void aPeerOutsideTheTrustedNetworksIsNotBelieved() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()).trusted("10.0.0.0/8").trusted("192.168.0.0/16"));

        assertThat(send("X-Forwarded-For: 6.6.6.6").all("X-Forwarded-For")).containsExactly("127.0.0.1");
    }

    @Test
    void everyRequestGetsAnIdOfItsOwn() throws Exception {
        proxy.start(SpecBuilder.webTo(origin.address()));

        assertThat(List.of(send().value("X-Request-Id"), send().value("X-Request-Id"), send().value("X-Request-Id")))
                .doesNotHaveDuplicates();
    }
}
