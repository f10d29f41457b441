package io.scrimplb.app.acme;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A client whose answers are there wholly before anybody reads them. The JDK's own limit of a request ends with the head of the
 * answer; who reads the body as a stream, as acme4j does, waits for the rest without end where a connection went silent, and on
 * JDK 17 no interrupt ends that (JDK-8294047). Thread-safe.
 */
final class WholeAnswers extends HttpClient {
    /** An authority's answers have some thousand; what is cut here is no JSON any more. */
    private static final int MAX_BODY_BYTES = 1 << 20;

    private final HttpClient client;
    private final Duration longest;

    /** @param longest from the request to the end of the answer */
    WholeAnswers(HttpClient client, Duration longest) {
        this.client = client;
        this.longest = longest;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = sendAsync(request, handler);
        try {
            return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + longest.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
        } catch (InterruptedException e) {
            // acme4j makes a fault of the network of it, which does not tell that somebody wants this thread to end.
            Thread.currentThread().interrupt();
            throw e;
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return client.sendAsync(
                request,
                head -> HttpResponse.BodySubscribers.mapping(
                        new BodyBeginning(MAX_BODY_BYTES), body -> handed(body, handler.apply(head))));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushed) {
        // Nobody here asks for what comes unasked.
        return sendAsync(request, handler);
    }

    private static <T> T handed(byte[] body, HttpResponse.BodySubscriber<T> reader) {
        reader.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long more) {}

            @Override
            public void cancel() {}
        });
        reader.onNext(List.of(ByteBuffer.wrap(body)));
        reader.onComplete();
        return reader.getBody().toCompletableFuture().join();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }
}
