package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.routing.Route;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.transport.ClientAddresses;
import io.scrimplb.proxy.transport.ConnectFailures;
import io.scrimplb.proxy.transport.ProxyHeader;
import io.scrimplb.proxy.transport.TrustedNetworks;
import io.scrimplb.proxy.upstream.Attempt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response, from the parsed head to the last byte. It reads the snapshot once and keeps to what it found,
 * tries endpoints until one answers, and carries bodies both ways as fast as the slower side takes them. Belongs to one event
 * loop, and is used again for another request once it has ended.
 */
final class Exchange {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    /**
     * A kept connection may be closed by the endpoint at the very moment a request is sent on it. A request that must not be
     * sent twice, or cannot be since not all of it is here, takes only one that was used this recently: less than the shortest
     * idle timeout in common use (5 s).
     */
    private static final long FRESH_NANOS = 2_000_000_000L;

    /** Interim responses to one request; more are no service to anybody. */
    private static final int MAX_INTERIMS = 32;

    private static final long ANY_AGE = Long.MAX_VALUE;

    private final H1Loop h1;
    private final Attempt attempt;
    private final OutgoingRequest request = new OutgoingRequest();
    private final ExchangeRecord account;

    private @Nullable ClientConnection client;
    private @Nullable Snapshot snapshot;
    private @Nullable Route route;
    private @Nullable OriginConnection connecting;
    private @Nullable OriginConnection origin;
    private LocalReply lastFailure = LocalReply.NO_ENDPOINT;

    private final RequestFacts facts = new RequestFacts();
    private final ResponsePlan plan = new ResponsePlan();
    private final Progress progress = new Progress();
    private int interims;
    private boolean responseStarted;
    private boolean answeredEarly;
    private boolean staleRetried;

    Exchange(H1Loop h1) {
        this.h1 = h1;
        this.attempt = new Attempt(h1.loop);
        this.account = new ExchangeRecord(h1);
    }

    /** Begins with the head that was just parsed; {@code in} holds what came behind it. */
    void begin(ClientConnection from, RequestHead head, ByteBuf in, long startNanos) {
        Snapshot now = h1.context.snapshot();
        client = from;
        snapshot = now;
        route = null;
        origin = null;
        connecting = null;
        lastFailure = LocalReply.NO_ENDPOINT;
        interims = 0;
        responseStarted = false;
        answeredEarly = false;
        staleRetried = false;
        plan.reset();
        facts.take(head, h1.requestIds);
        progress.begin(h1.loop.now());
        boolean trusted = from.peer().trusted(now.trusted());
        account.begin(from, head, facts, startNanos, trusted ? now.trusted() : TrustedNetworks.NONE);

        request.begin(head);
        RouteTable table = now.routes(from.listener());
        if (table != null) {
            account.counters(table.unrouted(), null);
        }
        Route found = h1.router.find(head, table, !now.upstreams().isEmpty());
        if (found == null) {
            LocalReply refusal = h1.router.refusal();
            // The body may have come along: then the connection can stay open.
            reply(request.skip(in, from.alloc()) ? refusal : LocalReply.badRequest("the request body is not valid"));
            return;
        }
        route = found;
        account.counters(found.counters(), found.upstream());
        try {
            RequestWriter.write(head, from.peer(), trusted, facts, tellsClient(), request.first());
            request.put(in, from.alloc());
        } catch (MalformedBodyException e) {
            reply(LocalReply.badRequest(String.valueOf(e.getMessage())));
            return;
        }
        connectNext();
    }

    // ---- towards the endpoint

    private void connectNext() {
        Endpoint endpoint = attempt.next(upstreamRoute().upstream());
        if (endpoint == null) {
            reply(lastFailure);
            return;
        }
        OriginConnection kept = tellsClient()
                ? null
                : h1.pools
                        .of(endpoint.state())
                        .take(h1.loop.now(), facts.idempotent && request.done() ? ANY_AGE : FRESH_NANOS);
        if (kept != null) {
            kept.serve(this);
            account.connected(endpoint.address(), 0);
            send(kept);
        } else {
            connect(endpoint);
        }
    }

    private void connect(Endpoint endpoint) {
        account.connecting(endpoint.address());
        OriginConnection made = new OriginConnection(h1, endpoint.state(), this);
        connecting = made;
        ProxyProtocol told = upstreamRoute().upstream().origin().proxyProtocol();
        byte[] header =
                told == ProxyProtocol.NONE ? null : ProxyHeader.encode(told, ClientAddresses.of(client().channel()));
        h1.connect(made, endpoint.address(), header, snapshot().connectTimeout());
    }

    /** Whether connections begin with the client's address. Such a connection serves one request: there is no other's on it. */
    private boolean tellsClient() {
        return upstreamRoute().upstream().origin().proxyProtocol() != ProxyProtocol.NONE;
    }

    void connected(OriginConnection connection) {
        connecting = null;
        connection.endpoint().connected();
        account.connected();
        send(connection);
    }

    void connectFailed(Throwable cause) {
        connecting = null;
        Endpoint endpoint = attempt.endpoint();
        if (endpoint != null) {
            if (ConnectFailures.blameEndpoint(cause)) {
                endpoint.state().connectFailed(h1.loop.now());
            }
            log.debug("no connection to {}: {}", endpoint, cause.toString());
        }
        lastFailure = cause instanceof ConnectTimeoutException ? LocalReply.CONNECT_TIMEOUT : LocalReply.CONNECT_FAILED;
        connectNext();
    }

    private void send(OriginConnection connection) {
        origin = connection;
        progress.made(h1.loop.now());
        request.sendTo(connection, h1.loop.now());
        if (!request.done()) {
            client().advance();
            connection.flush();
        }
    }

    /** Hands on what came of the request's body, once there is a connection that takes it. */
    void forwardBody(ByteBuf in) {
        OriginConnection to = origin;
        if (to == null) {
            return;
        }
        try {
            if (request.forward(in, to, client().alloc(), h1.loop.now())) {
                progress.made(h1.loop.now());
            }
        } catch (MalformedBodyException e) {
            fail(LocalReply.badRequest(String.valueOf(e.getMessage())));
        }
    }

    /** Whether the request's body has been read to its end. */
    boolean requestDone() {
        return request.done();
    }

    /** Whether more of the request's body would only pile up before the endpoint. */
    boolean originIsFull() {
        OriginConnection to = origin;
        return to != null && !to.isWritable();
    }

    void flushOrigin() {
        OriginConnection to = origin;
        if (to != null) {
            to.flush();
        }
    }

    void originWritable() {
        progress.made(h1.loop.now());
        client().advance();
        flushOrigin();
    }

    // ---- from the endpoint

    LimitSpec limits() {
        return snapshot().limits();
    }

    /** @return false when the endpoint sends too many of them */
    boolean interim(ResponseHead head) {
        if (++interims > MAX_INTERIMS) {
            return false;
        }
        if (facts.modern) {
            client().write(h1.responseWriter.writeInterim(head));
            written();
        }
        return true;
    }

    void responseHead(ResponseHead head, MessageBody body) {
        attempt.responded(head.status);
        account.responded(head.status);
        responseStarted = true;
        OriginConnection from = origin;
        // What of the request has not gone out would stand before the next one.
        answeredEarly = !request.done() || from == null || !from.isSent();
        request.drop();
        plan.decide(head, facts, body, request.done() && !client().mustClose());
        client().write(plan.write(head, h1.responseWriter));
        written();
    }

    void responseBody(ByteBuf part) {
        client().write(part);
        written();
    }

    /** What the client does not take fast enough is not read from the endpoint. */
    private void written() {
        progress.made(h1.loop.now());
        OriginConnection from = origin;
        if (from != null && !client().isWritable()) {
            from.setReading(false);
        }
    }

    void flushClient() {
        client().flush();
    }

    void clientWritable() {
        progress.made(h1.loop.now());
        OriginConnection from = origin;
        if (from != null) {
            from.setReading(true);
        }
    }

    void responseEnd(OriginConnection connection, boolean reusable) {
        origin = null;
        attempt.end();
        connection.setReading(true);
        if (reusable && request.done() && !answeredEarly && !tellsClient()) {
            h1.release(connection);
        } else {
            connection.close();
        }
        finish(null);
    }

    /** The endpoint agreed to another protocol: from here on bytes go both ways as they come. */
    boolean upgraded(ResponseHead head, OriginConnection connection, ByteBuf behindHead) {
        if (facts.upgrade.isEmpty()
                || head.upgradeLine < 0
                || !facts.upgrade.equalsIgnoreCase(head.value(head.upgradeLine))) {
            return false;
        }
        attempt.responded(head.status);
        account.responded(head.status);
        request.drop();
        origin = null;
        ClientConnection from = client();
        from.write(h1.responseWriter.writeInterim(head));
        from.flush();
        long idleNanos = snapshot().deadlines().tunnelIdle();
        Tunnel tunnel = new Tunnel(from, attempt, account);
        tunnel.open(h1.loop, connection, behindHead, idleNanos);
        return true;
    }

    void badResponse(@Nullable String fault) {
        log.debug("bad response from {}: {}", attempt.endpoint(), fault);
        origin = null;
        fail(LocalReply.BAD_RESPONSE);
    }

    /** The endpoint's connection ended before the response did. */
    void originLost(OriginConnection connection) {
        origin = null;
        Endpoint endpoint = attempt.endpoint();
        if (responseStarted || (interims > 0 && facts.modern) || endpoint == null) {
            fail(LocalReply.UPSTREAM_RESET);
        } else if (connection.answering()) {
            fail(LocalReply.BAD_RESPONSE);
        } else if (!facts.idempotent || !request.whole()) {
            fail(LocalReply.UPSTREAM_RESET);
        } else if (connection.reused() && !staleRetried) {
            // Most likely it was closed for being idle, just as the request went out: that says nothing of the
            // endpoint.
            staleRetried = true;
            attempt.again(endpoint);
            connect(endpoint);
        } else {
            lastFailure = LocalReply.UPSTREAM_RESET;
            connectNext();
        }
    }

    // ---- the end

    void sweep(long nowNanos) {
        OriginConnection from = origin;
        if (from == null) {
            return;
        }
        boolean held = facts.expectsContinue && interims == 0 && !request.moreSent();
        Progress.Stage stage = responseStarted
                ? Progress.Stage.RESPONSE
                : held ? Progress.Stage.AWAITING_CONTINUE : Progress.Stage.REQUEST;
        LocalReply overdue = progress.overdue(nowNanos, snapshot().deadlines(), client(), from, request, stage);
        if (overdue != null) {
            fail(overdue);
        }
    }

    void clientGone() {
        dropOrigin();
        end(ErrorCause.CLIENT_ABORTED);
    }

    /** Ends the exchange with a reply of our own, or with a cut when the response has begun. */
    private void fail(LocalReply reply) {
        dropOrigin();
        if (!responseStarted) {
            reply(reply);
            return;
        }
        boolean clientStalls = reply.cause() == ErrorCause.CLIENT_TIMEOUT;
        ClientConnection to = client();
        boolean reset = plan.closeDelimited() || clientStalls;
        end(clientStalls ? reply.cause() : ErrorCause.RESPONSE_CUT);
        to.cut(reset);
    }

    private void reply(LocalReply reply) {
        ClientConnection to = client();
        // A refused framing leaves no telling where the next request would begin.
        boolean framed = reply.cause() != ErrorCause.BAD_REQUEST;
        boolean goneListener = reply.cause() == ErrorCause.LISTENER_GONE;
        plan.local(facts.keepAlive && request.done() && framed && !goneListener && !to.mustClose());
        account.responded(reply.status());
        byte[] bytes = reply.render(facts.prefersJson, facts.requestId(), plan.persistent(), !facts.isHead);
        to.write(bytes);
        finish(reply.cause());
    }

    private void finish(@Nullable ErrorCause cause) {
        ClientConnection to = client();
        boolean keep = plan.persistent();
        boolean clean = request.done();
        end(cause);
        to.exchangeEnded(keep, clean);
    }

    /** Accounts and becomes free for the next request. */
    private void end(@Nullable ErrorCause cause) {
        request.drop();
        account.end(cause, attempt.retries());
        attempt.reset();
        ClientConnection of = client();
        client = null;
        snapshot = null;
        route = null;
        of.forget(this);
        h1.giveBack(this);
    }

    private void dropOrigin() {
        OriginConnection to = origin == null ? connecting : origin;
        origin = null;
        connecting = null;
        if (to != null) {
            to.abandon();
        }
    }

    private ClientConnection client() {
        ClientConnection present = client;
        if (present == null) {
            throw new IllegalStateException("the exchange has ended");
        }
        return present;
    }

    private Snapshot snapshot() {
        Snapshot present = snapshot;
        if (present == null) {
            throw new IllegalStateException("the exchange has ended");
        }
        return present;
    }

    private Route upstreamRoute() {
        Route present = route;
        if (present == null) {
            throw new IllegalStateException("the exchange has no route");
        }
        return present;
    }
}
