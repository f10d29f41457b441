package io.scrimplb.proxy.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.partners.HttpOrigin;
import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.RawResponse;
import io.scrimplb.proxy.partners.RecordingOrigin;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Host and path find the application; routing looks at a normalised copy, the origin gets the bytes as they came. */
@Timeout(60)
class RoutingTest {
    @RegisterExtension
    final ProxyFixture proxy = new ProxyFixture();

    private SpecBuilder spec = SpecBuilder.web();

    /** Adds an application whose origin answers with the application's name. */
    private RoutingTest route(String host, String prefix, String name) {
        spec = spec.upstream(name, proxy.with(HttpOrigin.named(name)).address()).route(host, prefix, name);
        return this;
    }

    private String answer(String host, String target) throws IOException {
        try (RawClient client = RawClient.connect(proxy.entry())) {
            RawResponse response = client.get(host, target);
            return response.status() == 200 ? response.text() : "status " + response.status();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "blog.example.com, exact",
        "BLOG.Example.COM, exact",
        "blog.example.com:8443, exact",
        "blog.example.com., exact",
        "shop.example.com, wildcard",
        "Shop.EXAMPLE.com:80, wildcard",
        "a.b.example.com, wildcard",
        "x.deep.example.com, deeper",
        "a.b.deep.example.com, deeper",
        "deep.example.com, wildcard",
        "example.com, default",
        "notexample.com, default",
        "127.0.0.1, default",
        "[::1]:80, default",
    })
    void anExactHostWinsOverAWildcardAndALongerWildcardOverAShorterAndAnyOverTheDefault(String host, String expected)
            throws IOException {
        route("*", "/", "default")
                .route("*.example.com", "/", "wildcard")
                .route("*.deep.example.com", "/", "deeper")
                .route("blog.example.com", "/", "exact");
        proxy.start(spec);

        assertThat(answer(host, "/")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/, root",
        "/apix, root",
        "/ap, root",
        "/API, root",
        "/api, api",
        "/api/, api",
        "/api/users, api",
        "/api?x=/api/v2, api",
        "/api/v2x, api",
        "/api/v2, v2",
        "/api/v2/y/z, v2",
        "/?/api, root",
        "/x?/../api, root",
    })
    void aPathPrefixMatchesWholeSegmentsAndTheLongestWins(String target, String expected) throws IOException {
        route("h.test", "/", "root").route("h.test", "/api", "api").route("h.test", "/api/v2", "v2");
        proxy.start(spec);

        assertThat(answer("h.test", target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/%61pi/x, api",
        "/%61%70%69, api",
        "/a%70i?q=%zz, api",
        "/x/../api/y, api",
        "/x/%2e%2e/api/y, api",
        "/x/.%2E/api/y, api",
        "/./api/y, api",
        "//api//y, api",
        "/x//../api, api",
        "/api/../other, root",
        "/api/%2e%2e/other, root",
        "/api/.., root",
    })
    void routingLooksAtTheNormalisedPathWhileTheOriginGetsTheBytesAsTheyCame(String target, String expected)
            throws Exception {
        RecordingOrigin api = proxy.with(RecordingOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napi"));
        RecordingOrigin root =
                proxy.with(RecordingOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nroot"));
        proxy.start(spec.upstream("api", api.address())
                .upstream("root", root.address())
                .route("h.test", "/", "root")
                .route("h.test", "/api", "api"));

        assertThat(answer("h.test", target)).isEqualTo(expected);
        RecordingOrigin reached = expected.equals("api") ? api : root;
        assertThat(reached.next().head().startLine()).isEqualTo("GET " + target + " HTTP/1.1");
    }

    @Test
    void aPathThatNoRouteOfAKnownHostTakesIsNotFound() throws IOException {
        route("h.test", "/api", "api");
        proxy.start(spec);

        assertThat(answer("h.test", "/")).isEqualTo("status 404");
        assertThat(answer("h.test", "/api")).isEqualTo("api");
    }

    @Test
    void anAbsoluteFormTargetIsRoutedByItsHostAndGoesOutInOriginForm() throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.start(spec.upstream("a", origin.address()).route("a.test", "/", "a"));
        RawClient client = proxy.client();

        client.head("GET http://a.test/x%2fy?q=1 HTTP/1.1", "Host: a.test");
        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().head().startLine()).isEqualTo("GET /x%2fy?q=1 HTTP/1.1");

        client.head("GET HTTP://A.test HTTP/1.1", "Host: a.test");
        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().head().startLine()).isEqualTo("GET / HTTP/1.1");

        client.head("GET http://a.test?q HTTP/1.1", "Host: a.test");
        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().head().startLine()).isEqualTo("GET /?q HTTP/1.1");
    }

    @Test
    void anAbsoluteFormTargetGivesAnHttp10RequestWithoutHostItsHost() throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.start(spec.upstream("a", origin.address()).route("a.test", "/", "a"));
        RawClient client = proxy.client();

        client.head("GET http://a.test/x HTTP/1.0");

        assertThat(client.response().status()).isEqualTo(200);
        assertThat(origin.next().head().all("Host")).containsExactly("a.test");
    }

    @Test
    void anHttp10RequestWithoutHostGoesToTheDefault() throws Exception {
        route("*", "/", "default").route("a.test", "/", "a");
        proxy.start(spec);
        RawClient client = proxy.client();

        client.head("GET / HTTP/1.0");

        assertThat(client.response().text()).isEqualTo("default");
    }

    @Test
    void optionsForTheServerAsAWholeGoesToTheHost() throws Exception {
        RecordingOrigin origin = proxy.with(RecordingOrigin.start());
        proxy.start(spec.upstream("a", origin.address()).route("a.test", "/", "a"));
        RawClient client = proxy.client();

        client.head("OPTIONS * HTTP/1.1", "Host: a.test");

        assertThat(client.response("OPTIONS").status()).isEqualTo(200);
        assertThat(origin.next().head().startLine()).isEqualTo("OPTIONS * HTTP/1.1");
    }

    @Test
    void aRouteHoldsAtItsListenerOnly() throws Exception {
        RecordingOrigin first = proxy.with(RecordingOrigin.start());
        RecordingOrigin second = proxy.with(RecordingOrigin.start());
        proxy.start(spec.http("other", SpecBuilder.anyPort())
                .upstream("first", first.address())
                .upstream("second", second.address())
                .route(SpecBuilder.WEB, "a.test", "/", "first")
                .route("other", "a.test", "/", "second")
                .route("other", "b.test", "/", "second"));

        assertThat(answer("a.test", "/")).isEqualTo("ok");
        assertThat(answer("b.test", "/")).isEqualTo("status 404");
        try (RawClient client = RawClient.connect(proxy.address("other"))) {
            assertThat(client.get("a.test", "/").status()).isEqualTo(200);
        }
        assertThat(first.requests()).hasSize(1);
        assertThat(second.requests()).hasSize(1);
    }

    @Test
    void requestsOfOneConnectionAreRoutedOneByOne() throws Exception {
        route("a.test", "/", "a").route("b.test", "/", "b");
        proxy.start(spec);
        RawClient client = proxy.client();

        assertThat(client.get("a.test", "/").text()).isEqualTo("a");
        assertThat(client.get("b.test", "/").text()).isEqualTo("b");
        assertThat(client.get("c.test", "/").status()).isEqualTo(404);
        assertThat(client.get("a.test", "/").text()).isEqualTo("a");
    }
}
