package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.scrimplb.proxy.exchange.ClientPeer;
import io.scrimplb.proxy.exchange.ClientStream;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.ExchangeLoop;
import io.scrimplb.proxy.exchange.OriginStream;
import io.scrimplb.proxy.exchange.RequestFacts;
import io.scrimplb.proxy.exchange.Tunnel;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.LocalReply;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.OwnResponse;
import io.scrimplb.proxy.http.RequestHead;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.transport.ByteRelay;
import org.jspecify.annotations.Nullable;

/** One stream of a client's connection: a request, its response, and what becomes of them. */
final class H2ClientStream implements ClientStream, H2Stream {
    private final H2ClientConnection connection;
    private final Http2Stream stream;
    private final StreamInput input;
    private final StreamOutput output;
    private final StreamReplies replies;
    private @Nullable Exchange exchange;
    private @Nullable StreamTunnel tunnel;
    private byte @Nullable [] webSocketKey;
    private boolean reset;
    private boolean closed;

    H2ClientStream(H2ClientConnection connection, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
        this.input = new StreamInput(connection, stream);
        this.output = new StreamOutput(connection, stream);
        this.replies = new StreamReplies(connection, output);
    }

    // ---- the request

    /** The request's field section came. */
    void request(FieldSection fields, boolean endsStream) throws Http2Exception {
        ExchangeLoop exchanges = connection.h2().exchanges();
        long now = connection.h2().loop().now();
        input.headBytes(fields.length);
        if (endsStream) {
            input.ended();
        }
        if (fields.overflown()) {
            replies.refuse(this, LocalReply.HEAD_TOO_LARGE, false, true);
            return;
        }
        RequestTranslator requests = connection.h2().requests();
        String fault = requests.translate(fields, connection.secure(), endsStream);
        if (fault != null) {
            replies.malformed(this, fault);
            throw H2ClientFrames.malformed(stream.id(), fault);
        }
        RequestHead head = exchanges.requestHead();
        LocalReply refusal = requests.refusal();
        if (refusal == null) {
            refusal = head.parse(
                    requests.form().array(),
                    requests.form().length(),
                    connection.snapshot().limits());
        } else {
            head.begin();
        }
        if (refusal != null) {
            replies.refuse(this, refusal, head.complete && head.prefersJson(), !head.methodIs("HEAD"));
            return;
        }
        head.http2 = true;
        webSocketKey = requests.webSocketKey();
        // What comes behind an extended CONNECT is no body.
        head.endsStream = endsStream || webSocketKey != null;
        input.expect(requests.contentLength());
        Exchange begun = exchanges.takeExchange();
        exchange = begun;
        begun.begin(this, head, Unpooled.EMPTY_BUFFER, now);
    }

    /** The trailer came, which ends the request. */
    void trailers(FieldSection fields) throws Http2Exception {
        input.trailers(fields);
        if (tunnel != null) {
            tunnel.clientEnded();
        }
        advance();
        connection.streams().touch(this);
    }

    /**
     * Data came.
     *
     * @return how many bytes of it, and of the padding, need not wait
     */
    int data(ByteBuf data, int padding, boolean endsStream) throws Http2Exception {
        int size = data.readableBytes();
        input.received(size, padding, endsStream);
        StreamTunnel through = tunnel;
        if (through != null) {
            return padding + through.fromClient(data, endsStream);
        }
        Exchange current = exchange;
        if (current == null) {
            return size + padding;
        }
        boolean held = webSocketKey != null;
        if (!held && input.isEmpty() && !current.originIsFull()) {
            current.forwardBody(data);
        }
        int left = data.readableBytes();
        if (left > 0 && exchange == current) {
            if (connection.full()) {
                reset(Http2Error.ENHANCE_YOUR_CALM);
                return size + padding;
            }
            input.hold(data);
        } else {
            left = 0;
        }
        if (endsStream && !held) {
            advance();
        }
        connection.streams().touch(this);
        return size - left + padding;
    }

    @Override
    public void advance() {
        Exchange current = exchange;
        if (current == null || webSocketKey != null) {
            return;
        }
        input.forward(current, () -> exchange == current);
        if (exchange == current && input.isEmpty() && input.hasEnded()) {
            current.endBody(input.trailers());
        }
    }

    @Override
    public void flushOther() {
        Exchange current = exchange;
        if (current != null) {
            current.flushOrigin();
        }
    }

    // ---- the response

    @Override
    public void interim(ResponseHead head) {
        output.fields(connection.h2().responses().head(head, null), false);
    }

    /** The client would take it for an open tunnel (RFC 8441, 5). */
    @Override
    public boolean mustUpgrade() {
        return webSocketKey != null;
    }

    @Override
    public void responseHead(ResponseHead head, RequestFacts facts, MessageBody body, boolean mayPersist) {
        HeaderLines lines = head.lines;
        if (head.bodiless(facts.isHead) || head.endsStream) {
            // A call of gRPC that fails at once has its status in a head that ends the stream, and nowhere else.
            body.none();
        } else if (lines.chunked) {
            body.chunked(false, true);
        } else if (lines.contentLength != HeaderLines.NO_LENGTH) {
            body.length(lines.contentLength);
        } else {
            body.untilEnd(false, true);
        }
        output.fields(connection.h2().responses().head(head, facts.hsts), body.done());
    }

    @Override
    public void responseBody(ByteBuf part, boolean last) {
        if (!output.data(part, last)) {
            reset(Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    @Override
    public void responseEnd(byte[] trailers) {
        if (output.closed()) {
            return;
        }
        if (trailers.length == 0) {
            responseBody(Unpooled.EMPTY_BUFFER, true);
        } else {
            output.fields(connection.h2().responses().trailer(trailers), true);
        }
    }

    @Override
    public void reply(LocalReply reply, RequestFacts facts, boolean mayPersist) {
        replies.send(reply, facts.prefersJson, facts.requestId(), !facts.isHead);
    }

    @Override
    public void answer(OwnResponse response, RequestFacts facts, boolean mayPersist) {
        replies.send(response.render(facts.requestId(), true, !facts.isHead));
    }

    @Override
    public void flush() {
        // It leaves at the end of the turn, with what other streams have put.
    }

    @Override
    public void written(int bytes) {
        output.written(bytes);
    }

    /** What comes behind the end of a response does not have to wait for anybody. */
    @Override
    public boolean isWritable() {
        return output.closed() || output.isWritable();
    }

    @Override
    public void resume() {
        Exchange current = exchange;
        StreamTunnel through = tunnel;
        if (!output.unblocked()) {
            return;
        }
        if (current != null) {
            current.clientWritable();
        } else if (through != null) {
            through.clientWritable();
        }
    }

    // ---- the end

    /** Our side has ended and the client's has not: nobody wants the rest (RFC 9113, 8.1). */
    void localEnded() {
        if (!input.hasEnded()) {
            connection.codec().reset(stream, Http2Error.NO_ERROR);
        }
    }

    void reset(Http2Error code) {
        reset = true;
        connection.codec().reset(stream, code);
    }

    void resetByClient() {
        reset = true;
    }

    @Override
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        output.close();
        input.close();
        if (!reset && !stream.isResetSent()) {
            connection.codec().guard().served();
        }
        Exchange current = exchange;
        StreamTunnel through = tunnel;
        if (through != null) {
            tunnel = null;
            through.clientGone(reset || !output.ended());
        } else if (current != null && (reset || !output.ended())) {
            current.clientGone();
        }
    }

    @Override
    public void forget(Exchange ended) {
        if (exchange == ended) {
            exchange = null;
            input.drop();
        }
    }

    @Override
    public void exchangeEnded(boolean requestRead) {
        output.finishing(connection.h2().loop().now());
    }

    @Override
    public void cut(boolean clientStalls) {
        reset(clientStalls ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR);
    }

    @Override
    public void upgraded(ResponseHead head, Tunnel joined, OriginStream origin, ByteBuf behindHead, long idleNanos) {
        exchange = null;
        byte[] key = webSocketKey;
        webSocketKey = null;
        if (key == null || !WebSocketKey.accepted(key, head)) {
            origin.abandon();
            joined.ended(ByteRelay.Ending.ORIGIN_RESET);
            reset(Http2Error.INTERNAL_ERROR);
            return;
        }
        output.fields(connection.h2().responses().tunnel(head), false);
        StreamTunnel through =
                new StreamTunnel(this, joined, origin.detach(), connection.h2().loop(), idleNanos);
        tunnel = through;
        through.start(behindHead);
        input.drain(through);
    }

    void consumed(int bytes) {
        input.consume(bytes);
    }

    void tunnelEnded() {
        tunnel = null;
    }

    void sweep(long nowNanos) {
        Exchange current = exchange;
        StreamTunnel through = tunnel;
        if (current != null) {
            current.sweep(nowNanos);
        } else if (through != null) {
            through.sweep(nowNanos);
        } else if (output.stalls(nowNanos, connection.snapshot().deadlines().clientIdle())) {
            reset(Http2Error.CANCEL);
        }
    }

    // ---- what it is

    @Override
    public long pendingMark() {
        return output.pendingMark();
    }

    @Override
    public ListenerHandle listener() {
        return connection.listener();
    }

    @Override
    public ClientPeer peer() {
        return connection.peer();
    }

    @Override
    public ByteBufAllocator alloc() {
        return connection.context().alloc();
    }

    @Override
    public long bytesIn() {
        return input.bytesIn();
    }

    @Override
    public long bytesInBeforeHead() {
        return 0;
    }

    @Override
    public long bytesOut() {
        return output.bytesOut();
    }

    /** What passes a tunnel comes and goes as data, and is counted there. */
    @Override
    public void countIn(int bytes) {}

    @Override
    public void countOut(int bytes) {}
}
