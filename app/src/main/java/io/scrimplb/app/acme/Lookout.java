package io.scrimplb.app.acme;

import io.scrimplb.app.acme.Preflight.Outcome;
import io.scrimplb.app.acme.Preflight.Reached;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks at the network as the authority would: names and what answers at them. Blocks, for a bounded time. Thread-safe. */
final class Lookout {
    /** For the head of an answer; well above any network, well below what an authority waits. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The largest challenge has some 640. */
    private static final int MAX_BODY_BYTES = 2_000;

    private static final int OK = 200;
    private static final int REDIRECT = 3;

    private final Duration timeout;
    private final HttpClient client;

    Lookout() {
        this(TIMEOUT);
    }

    /** @param timeout for the head of an answer; all of it may take twice that */
    Lookout(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** All addresses of a name; none when it has none. */
    Collection<InetAddress> resolve(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /** Whether a challenge is found by its public name, as RFC 8555, 8.3 has it. */
    Reached fetch(Challenge.Http challenge, int port) throws InterruptedException {
        URI address = URI.create("http://" + challenge.host() + (port == 80 ? "" : ":" + port)
                + "/.well-known/acme-challenge/" + challenge.token());
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(timeout).GET().build();
        // The time of the request ends with the head of the answer; the body needs one of its own.
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, head -> new BodyBeginning(head.statusCode() == OK ? MAX_BODY_BYTES : 0));
        try {
            HttpResponse<byte[]> response = answer.get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
            return judge(challenge, response.statusCode(), response.body());
        } catch (TimeoutException e) {
            return new Reached(Outcome.NOBODY, "no answer in time");
        } catch (ExecutionException e) {
            return new Reached(
                    Outcome.NOBODY,
                    e.getCause() instanceof ConnectException
                            ? "connecting to port " + port + " failed"
                            : Failure.printable(Refusals.innermost(e)));
        } finally {
            answer.cancel(true);
        }
    }

    private static Reached judge(Challenge.Http challenge, int status, byte[] body) {
        if (status == OK && new String(body, StandardCharsets.UTF_8).strip().equals(challenge.content())) {
            return new Reached(Outcome.OURS, "");
        }
        if (status / 100 == REDIRECT) {
            // The authority follows, and may well find us.
            return new Reached(Outcome.UNKNOWN, "status " + status);
        }
        return new Reached(Outcome.OTHER, "status " + status);
    }

    /** Addresses of this machine's interfaces that others can use. */
    static Set<InetAddress> ownAddresses() {
        Set<InetAddress> own = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .forEach(own::add);
        } catch (SocketException e) {
            // Then the name is judged by who answers at it.
            return Set.of();
        }
        return own;
    }
}
