package io.scrimplb.seed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One HTTP exchange, limited in time from the first byte to the last and in size. Follows no redirect, since a
 * credential must not travel to where a server points. Thread-safe.
 */
public final class SeedHttp {
    /** To connect to a store. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** For a whole exchange with a store, body included. */
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final Duration timeout;

    private SeedHttp(HttpClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
    }

    /** For a store: {@link #CONNECT_TIMEOUT}, {@link #REQUEST_TIMEOUT}, the JVM's proxy if it has one. */
    public static SeedHttp forStores() {
        return new SeedHttp(builder(CONNECT_TIMEOUT).build(), REQUEST_TIMEOUT);
    }

    /** For a service of this very machine, such as instance metadata: never by a proxy. */
    public static SeedHttp direct(Duration timeout) {
        return new SeedHttp(builder(timeout).proxy(HttpClient.Builder.NO_PROXY).build(), timeout);
    }

    private static HttpClient.Builder builder(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout);
    }

    /**
     * An answer that came whole.
     *
     * @param body at most {@link SeedSet#MAX_BYTES} + 1 bytes; one over the limit means that there was more
     */
    public record Reply(int status, HttpHeaders headers, byte[] body) {
        /** The first header of this name. */
        public Optional<String> header(String name) {
            return headers.firstValue(name);
        }
    }

    /**
     * Sends and waits.
     *
     * @throws IOException with a message of a few words when there was no whole answer in time
     */
    public Reply send(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request, info -> new Capped(SeedSet.MAX_BYTES + 1));
        try {
            HttpResponse<byte[]> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw new IOException(words(e.getCause()), e.getCause());
        }
    }

    private static String words(@org.jspecify.annotations.Nullable Throwable cause) {
        if (cause instanceof java.net.http.HttpConnectTimeoutException) {
            return "no connection in time";
        }
        if (cause instanceof ConnectException) {
            boolean unresolved = cause.getCause() instanceof java.nio.channels.UnresolvedAddressException;
            return unresolved ? "the host name is not known" : "connection refused or unreachable";
        }
        String message = cause == null ? null : cause.getMessage();
        return message == null
                ? "connection failed"
                : message.lines().findFirst().orElse("connection failed");
    }

    /** Collects a body up to a limit and then lets go of the connection. */
    private static final class Capped implements HttpResponse.BodySubscriber<byte[]> {
        private final int limitBytes;
        private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private Flow.@org.jspecify.annotations.Nullable Subscription subscription;

        Capped(int limitBytes) {
            this.limitBytes = limitBytes;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] bytes = new byte[Math.min(buffer.remaining(), limitBytes - collected.size())];
                buffer.get(bytes);
                collected.writeBytes(bytes);
            }
            if (collected.size() >= limitBytes && subscription != null) {
                subscription.cancel();
                body.complete(collected.toByteArray());
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(collected.toByteArray());
        }
    }
}
