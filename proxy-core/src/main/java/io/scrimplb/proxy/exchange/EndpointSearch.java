package io.scrimplb.proxy.exchange;

import io.netty.channel.ConnectTimeoutException;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.tls.OriginTlsException;
import io.scrimplb.proxy.transport.ConnectFailures;
import io.scrimplb.proxy.upstream.Attempt;
import io.scrimplb.proxy.upstream.Upstream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds an endpoint that takes an exchange: a connection that is there, else a new one, else the next endpoint, until none is left.
 * Tells the exchange by {@link Exchange#found} or {@link Exchange#notFound}. Used again for the next exchange.
 */
final class EndpointSearch {
    private static final Logger log = LoggerFactory.getLogger(EndpointSearch.class);

    /**
     * A kept connection may be closed by the endpoint at the very moment a request is sent on it. A request that must not be
     * sent twice, or cannot be since not all of it is here, takes only one that was used this recently: less than the shortest
     * idle timeout in common use (5 s).
     */
    private static final long FRESH_NANOS = 2_000_000_000L;

    private final ExchangeLoop exchanges;
    private final Exchange exchange;
    private final ExchangeRecord account;
    private final Attempt attempt;

    private @Nullable Upstream upstream;
    private Duration connectTimeout = Duration.ZERO;
    private Origins.@Nullable Connecting connecting;
    private LocalReply lastFailure = LocalReply.NO_ENDPOINT;
    private boolean sameAgain;
    private boolean connectEnded;
    private int connectTurn;

    EndpointSearch(ExchangeLoop exchanges, Exchange exchange, ExchangeRecord account) {
        this.exchanges = exchanges;
        this.exchange = exchange;
        this.account = account;
        this.attempt = new Attempt(exchanges.loop());
    }

    /** The attempt under way, or those that were made. */
    Attempt attempt() {
        return attempt;
    }

    /** Names where to look; before {@link #next}. */
    void begin(Upstream among, Duration timeout) {
        upstream = among;
        connectTimeout = timeout;
        lastFailure = LocalReply.NO_ENDPOINT;
        sameAgain = false;
    }

    /**
     * Whether connections begin with the client's address. Such a connection serves one request: there is no other's on it.
     */
    boolean tellsClient() {
        return upstream().origin().proxyProtocol() != ProxyProtocol.NONE;
    }

    /**
     * Looks on.
     *
     * @param repeatable whether all of the request is here and may be sent twice
     */
    void next(boolean repeatable) {
        Endpoint endpoint = attempt.next(upstream());
        if (endpoint == null) {
            exchange.notFound(lastFailure);
            return;
        }
        OriginStream kept =
                tellsClient() ? null : origins().reuse(endpoint, exchange, repeatable ? Origins.ANY_AGE : FRESH_NANOS);
        if (kept != null) {
            account.reused(endpoint.address());
            exchange.found(kept);
        } else {
            connect(endpoint);
        }
    }

    private void connect(Endpoint endpoint) {
        account.connecting(endpoint.address());
        connectEnded = false;
        int turn = ++connectTurn;
        Origins.Connecting begun = origins().connect(upstream(), endpoint, exchange, connectTimeout);
        if (!connectEnded && connectTurn == turn) {
            connecting = begun;
        }
    }

    void connected(OriginStream stream) {
        connecting = null;
        connectEnded = true;
        stream.endpoint().connected();
        account.connected();
        exchange.found(stream);
    }

    void connectFailed(Throwable cause, boolean repeatable) {
        connecting = null;
        connectEnded = true;
        Endpoint endpoint = attempt.endpoint();
        if (endpoint != null) {
            if (ConnectFailures.blameEndpoint(cause) || cause instanceof OriginTlsException) {
                endpoint.state().connectFailed(exchanges.loop().now());
            }
            if (cause instanceof OriginTlsException
                    && endpoint.state()
                            .faultIsNew(
                                    String.valueOf(cause.getMessage()),
                                    exchanges.loop().now())) {
                // Only the user can mend it.
                log.warn(
                        "no https to {} of {}: {}",
                        endpoint.address(),
                        upstream().name(),
                        cause.getMessage());
            }
            log.debug("no connection to {}: {}", endpoint, cause.toString());
        }
        lastFailure = cause instanceof ConnectTimeoutException
                ? LocalReply.CONNECT_TIMEOUT
                : cause instanceof OriginTlsException ? LocalReply.UPSTREAM_TLS : LocalReply.CONNECT_FAILED;
        next(repeatable);
    }

    /**
     * An endpoint's connection was lost before anything of a response came, and the request may be sent again.
     *
     * @param stream the one that was lost
     * @param repeatable see {@link #next}
     */
    void lost(OriginStream stream, boolean repeatable) {
        Endpoint endpoint = attempt.endpoint();
        if (endpoint != null && !sameAgain && (stream.reused() || stream.untouched())) {
            // Most likely it was closed for being idle, just as the request went out: that says nothing of the
            // endpoint.
            sameAgain = true;
            attempt.again(endpoint);
            connect(endpoint);
        } else {
            lastFailure = LocalReply.UPSTREAM_RESET;
            next(repeatable);
        }
    }

    /** Gives up a connection that is being made. */
    void abandon() {
        Origins.Connecting begun = connecting;
        connecting = null;
        if (begun != null) {
            begun.abandon();
        }
    }

    /** The exchange has ended. */
    void reset() {
        attempt.reset();
        upstream = null;
    }

    Upstream upstream() {
        Upstream present = upstream;
        if (present == null) {
            throw new IllegalStateException("the exchange has no upstream");
        }
        return present;
    }

    private Origins origins() {
        return exchanges.origins(upstream().origin().protocol());
    }
}
