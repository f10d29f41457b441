package io.scrimplb.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.MalformedBodyException;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.OwnResponse;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.routing.Route;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.routing.Snapshot;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.OriginProtocol;
import io.scrimplb.proxy.spec.ProxyProtocol;
import io.scrimplb.proxy.telemetry.ErrorCause;
import io.scrimplb.proxy.transport.ProxyHeader;
import io.scrimplb.proxy.transport.TrustedNetworks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response, from the parsed head to the last byte. It reads the snapshot once and keeps to what it found,
 * tries endpoints until one answers, and carries bodies both ways as fast as the slower side takes them. Belongs to one event
 * loop, and is used again for another request once it has ended.
 */
public final class Exchange {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private static final LocalReply BAD_BODY = LocalReply.badRequest("the request body is not valid");

    private final ExchangeLoop exchanges;
    private final OutgoingRequest request = new OutgoingRequest();
    private final ExchangeRecord account;
    private final EndpointSearch search;

    private @Nullable ClientStream client;
    private @Nullable Snapshot snapshot;
    private @Nullable OriginStream origin;

    private final RequestFacts facts = new RequestFacts();
    private final Progress progress = new Progress();
    private boolean answeredEarly;

    Exchange(ExchangeLoop exchanges) {
        this.exchanges = exchanges;
        this.account = new ExchangeRecord(exchanges);
        this.search = new EndpointSearch(exchanges, this, account);
    }

    /**
     * Begins with the head that was just parsed.
     *
     * @param in what came behind it; the body's part of it is taken
     * @param startNanos when its first byte was seen
     */
    public void begin(ClientStream from, RequestHead head, ByteBuf in, long startNanos) {
        Snapshot now = exchanges.context().snapshot();
        client = from;
        snapshot = now;
        origin = null;
        answeredEarly = false;
        facts.take(head, exchanges.requestIds());
        progress.begin(now());
        boolean trusted = from.peer().trusted(now.trusted());
        account.begin(from, head, facts, startNanos, trusted ? now.trusted() : TrustedNetworks.NONE);

        boolean secure = from.peer().secure();
        RouteTable table = now.routes(from.listener());
        if (table != null) {
            account.counters(table.unrouted(), null);
        }
        RequestRouter router = exchanges.router();
        Route found = router.find(head, table, now, from.listener(), secure, trusted);
        if (found == null) {
            OwnResponse own = router.own();
            if (own == null) {
                refuse(router.refusal(), head, in);
            } else {
                answer(own, head, in);
            }
            return;
        }
        // Data that goes to an endpoint of which it is not known yet whether it takes chunks is put into them at the
        // end.
        request.begin(head, found.upstream().origin().protocol() == OriginProtocol.HTTP);
        search.begin(found.upstream(), now.connectTimeout());
        account.counters(found.counters(), found.upstream());
        facts.hsts = secure ? found.upstream().hsts() : null;
        try {
            RequestWriter.write(head, from.peer(), trusted, facts, search.tellsClient(), request.headBuffer());
            request.put(in, from.alloc());
        } catch (MalformedBodyException e) {
            reply(LocalReply.badRequest(String.valueOf(e.getMessage())));
            return;
        }
        search.next(repeatable());
    }

    /** Answers what no application is asked for; its body may have come along: then the connection can stay open. */
    private void answer(OwnResponse own, RequestHead head, ByteBuf in) {
        request.begin(head, true);
        if (request.skip(in, client().alloc())) {
            account.responded(own.status());
            client().answer(own, facts, request.done());
            finish(null);
        } else {
            reply(BAD_BODY);
        }
    }

    /** Refuses a request; see {@link #answer} for its body. */
    private void refuse(LocalReply refusal, RequestHead head, ByteBuf in) {
        request.begin(head, true);
        reply(request.skip(in, client().alloc()) ? refusal : BAD_BODY);
    }

    // ---- towards the endpoint

    /** Whether it asks for another protocol, which HTTP/1.1 alone can agree to. */
    public boolean upgrades() {
        return !facts.upgrade.isEmpty();
    }

    /** What the connection to the endpoint has to begin with; null for nothing. */
    public byte @Nullable [] connectionHeader() {
        ProxyProtocol told = search.upstream().origin().proxyProtocol();
        return told == ProxyProtocol.NONE
                ? null
                : ProxyHeader.encode(told, client().peer().addresses());
    }

    /** The connection to the endpoint stands. */
    public void connected(OriginStream connection) {
        search.connected(connection);
    }

    /** There is no connection to the endpoint. */
    public void connectFailed(Throwable cause) {
        search.connectFailed(cause, repeatable());
    }

    private boolean repeatable() {
        return facts.idempotent && request.done();
    }

    /** No endpoint takes it. */
    void notFound(LocalReply reply) {
        reply(reply);
    }

    /** An endpoint takes it. */
    void found(OriginStream connection) {
        origin = connection;
        progress.made(now());
        request.sendTo(connection, now());
        if (!request.done()) {
            client().advance();
            connection.flush();
        }
    }

    /** Hands on what came of the request's body, once there is a connection that takes it. */
    public void forwardBody(ByteBuf in) {
        OriginStream to = origin;
        if (to == null) {
            return;
        }
        try {
            if (request.forward(in, to, client().alloc(), now())) {
                progress.made(now());
            }
        } catch (MalformedBodyException e) {
            fail(LocalReply.badRequest(String.valueOf(e.getMessage())));
        }
    }

    /**
     * The client's stream has ended, and all that came of the body was handed on: this ends it, once there is a connection that
     * takes it.
     *
     * @param trailers lines that may pass, each with its CRLF; may be empty
     */
    public void endBody(byte[] trailers) {
        OriginStream to = origin;
        if (to != null && request.awaitsEnd()) {
            request.end(trailers, to, client().alloc(), now());
            progress.made(now());
        }
    }

    /** Whether the request's body has been read to its end. */
    public boolean requestDone() {
        return request.done();
    }

    /** Whether more of the request's body would only pile up before the endpoint. */
    public boolean originIsFull() {
        OriginStream to = origin;
        return to != null && !to.isWritable();
    }

    /** Sends what was handed on of the request. */
    public void flushOrigin() {
        OriginStream to = origin;
        if (to != null) {
            to.flush();
        }
    }

    /** The endpoint takes more. */
    public void originWritable() {
        progress.made(now());
        client().advance();
        flushOrigin();
    }

    // ---- from the endpoint

    /** Those that its snapshot had. */
    public LimitSpec limits() {
        return snapshot().limits();
    }

    /** Whether the request asks for the head of a response alone. */
    public boolean asksForHead() {
        return facts.isHead;
    }

    /**
     * An interim response came.
     *
     * @return false when the endpoint sends too many of them
     */
    public boolean interim(ResponseHead head) {
        if (!progress.interim()) {
            return false;
        }
        if (facts.modern) {
            client().interim(head);
            written();
        }
        return true;
    }

    /**
     * The head of the final response came.
     *
     * @param body set to follow what comes behind it
     */
    public void responseHead(ResponseHead head, MessageBody body) {
        if (head.status < 300 && client().mustUpgrade()) {
            fail(LocalReply.BAD_RESPONSE);
            return;
        }
        search.attempt().responded(head.status);
        account.responded(head.status);
        progress.startResponse();
        OriginStream from = origin;
        // What of the request has not gone out would stand before the next one.
        answeredEarly = !request.done() || from == null || !from.isSent();
        request.drop();
        client().responseHead(head, facts, body, request.done());
        written();
    }

    /**
     * A part of the response's body came.
     *
     * @param part in the form that was set; becomes the exchange's
     * @param last whether it is the end of the response, trailer included
     */
    public void responseBody(ByteBuf part, boolean last) {
        client().responseBody(part, last);
        written();
    }

    /** What the client does not take fast enough is not read from the endpoint. */
    private void written() {
        progress.made(now());
        OriginStream from = origin;
        if (from != null && !client().isWritable()) {
            from.setReading(false);
        }
    }

    /** Sends what was handed on of the response. */
    public void flushClient() {
        client().flush();
    }

    /** The client takes more. */
    public void clientWritable() {
        progress.made(now());
        OriginStream from = origin;
        if (from != null) {
            from.setReading(true);
        }
    }

    /**
     * The response has ended.
     *
     * @param reusable whether the endpoint would take another request on the connection
     * @param trailers lines of the trailer that did not go on with the body, each with its CRLF; may be empty
     */
    public void responseEnd(OriginStream connection, boolean reusable, byte[] trailers) {
        origin = null;
        search.attempt().end();
        connection.release(reusable && request.done() && !answeredEarly && !search.tellsClient());
        client().responseEnd(trailers);
        finish(null);
    }

    /**
     * The endpoint agreed to another protocol: from here on bytes go both ways as they come.
     *
     * @param behindHead what came behind the endpoint's head; stays the caller's
     * @return false when nobody asked for that
     */
    public boolean upgraded(ResponseHead head, OriginStream connection, ByteBuf behindHead) {
        if (facts.upgrade.isEmpty()
                || head.upgradeLine < 0
                || !facts.upgrade.equalsIgnoreCase(head.value(head.upgradeLine))) {
            return false;
        }
        search.attempt().responded(head.status);
        account.responded(head.status);
        request.drop();
        origin = null;
        ClientStream from = client();
        long idleNanos = snapshot().deadlines().tunnelIdle();
        from.upgraded(head, new Tunnel(from, search.attempt(), account), connection, behindHead, idleNanos);
        return true;
    }

    /** The endpoint's response is not valid. The stream is closed by whoever tells it. */
    public void badResponse(@Nullable String fault) {
        log.debug("bad response from {}: {}", search.attempt().endpoint(), fault);
        origin = null;
        fail(LocalReply.BAD_RESPONSE);
    }

    /** The endpoint's connection ended before the response did. */
    public void originLost(OriginStream connection) {
        origin = null;
        if (progress.responseStarted() || (progress.hasInterims() && facts.modern)) {
            fail(LocalReply.UPSTREAM_RESET);
        } else if (connection.answering()) {
            fail(LocalReply.BAD_RESPONSE);
        } else if (request.kept() && (connection.untouched() || (facts.idempotent && request.done()))) {
            search.lost(connection, repeatable());
        } else {
            fail(LocalReply.UPSTREAM_RESET);
        }
    }

    // ---- the end

    /** Looks for deadlines that have passed. */
    public void sweep(long nowNanos) {
        OriginStream from = origin;
        if (from == null) {
            return;
        }
        LocalReply overdue =
                progress.overdue(nowNanos, snapshot().deadlines(), client(), from, request, facts.expectsContinue);
        if (overdue != null) {
            fail(overdue);
        }
    }

    /** The client's connection or stream has ended. */
    public void clientGone() {
        dropOrigin();
        end(ErrorCause.CLIENT_ABORTED);
    }

    /** Ends the exchange with a reply of our own, or with a cut when the response has begun. */
    private void fail(LocalReply reply) {
        dropOrigin();
        if (!progress.responseStarted()) {
            reply(reply);
            return;
        }
        boolean clientStalls = reply.cause() == ErrorCause.CLIENT_TIMEOUT;
        ClientStream to = client();
        end(clientStalls ? reply.cause() : ErrorCause.RESPONSE_CUT);
        to.cut(clientStalls);
    }

    private void reply(LocalReply reply) {
        ClientStream to = client();
        // A refused framing leaves no telling where the next request would begin.
        boolean framed = reply.cause() != ErrorCause.BAD_REQUEST;
        boolean goneListener = reply.cause() == ErrorCause.LISTENER_GONE;
        account.responded(reply.status());
        to.reply(reply, facts, request.done() && framed && !goneListener);
        finish(reply.cause());
    }

    private void finish(@Nullable ErrorCause cause) {
        ClientStream to = client();
        boolean clean = request.done();
        end(cause);
        to.exchangeEnded(clean);
    }

    /** Accounts and becomes free for the next request. */
    private void end(@Nullable ErrorCause cause) {
        request.drop();
        account.end(cause, search.attempt().retries());
        search.reset();
        ClientStream of = client();
        client = null;
        snapshot = null;
        of.forget(this);
        exchanges.giveBack(this);
    }

    private void dropOrigin() {
        OriginStream to = origin;
        origin = null;
        if (to != null) {
            to.abandon();
        } else {
            search.abandon();
        }
    }

    private long now() {
        return exchanges.loop().now();
    }

    private ClientStream client() {
        ClientStream present = client;
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
}
