package io.scrimplb.proxy.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.exchange.Exchange;
import io.scrimplb.proxy.exchange.OriginStream;
import io.scrimplb.proxy.exchange.OutgoingRequest;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.HeaderLines;
import io.scrimplb.proxy.http.MalformedBodyException;
import io.scrimplb.proxy.http.MessageBody;
import io.scrimplb.proxy.http.ResponseHead;
import io.scrimplb.proxy.http.TrailerFields;
import org.jspecify.annotations.Nullable;

/** One stream of a connection to an endpoint: a request, and what comes of its response. Serves one exchange. */
final class H2OriginStream implements OriginStream, H2Stream {
    private final H2OriginConnection connection;
    private final boolean reused;
    private final MessageBody body = new MessageBody();
    private @Nullable Exchange exchange;
    private @Nullable Http2Stream stream;
    private @Nullable HeldData held;
    private @Nullable WideningWindow window;
    private @Nullable StreamOutput output;
    private byte[] trailers = TrailerFields.NONE;
    private boolean reading = true;
    private boolean headSeen;
    private boolean anySeen;
    private boolean untouched;
    private boolean ended;
    private boolean closed;
    private boolean bodiless;
    private long expected = HeaderLines.NO_LENGTH;
    private long receivedBytes;

    H2OriginStream(H2OriginConnection connection, Exchange exchange, boolean reused) {
        this.connection = connection;
        this.exchange = exchange;
        this.reused = reused;
    }

    // ---- the request

    @Override
    public void send(OutgoingRequest request) {
        Http2Stream made = connection.open(request, this);
        if (made == null) {
            // Not a byte of it went out.
            untouched = true;
            connection.later(this);
            return;
        }
        stream = made;
        held = new HeldData(connection, made, false);
        window = new WideningWindow(connection, made);
        output = new StreamOutput(connection, made);
        HeadBuffer first = request.first();
        int head = request.headLength();
        boolean last = request.done() && request.trailers().length == 0;
        if (first.length() > head) {
            body(Unpooled.wrappedBuffer(first.array(), head, first.length() - head), last);
        }
        if (request.done() && request.trailers().length > 0) {
            bodyEnd(request.trailers());
        }
    }

    @Override
    public void body(ByteBuf part, boolean last) {
        StreamOutput to = output;
        if (to == null) {
            part.release();
            return;
        }
        to.data(part, last);
    }

    @Override
    public void bodyEnd(byte[] lines) {
        StreamOutput to = output;
        if (to == null) {
            return;
        }
        if (lines.length == 0) {
            to.data(Unpooled.EMPTY_BUFFER, true);
        } else {
            to.fields(connection.h2().responses().trailer(lines), true);
        }
    }

    @Override
    public void written(int bytes) {
        StreamOutput to = output;
        if (to != null) {
            to.written(bytes);
        }
    }

    @Override
    public void flush() {
        // It leaves at the end of the turn, with what other streams have put.
    }

    @Override
    public boolean isSent() {
        StreamOutput to = output;
        return to == null || to.isSent();
    }

    @Override
    public boolean isWritable() {
        StreamOutput to = output;
        return to != null && to.isWritable();
    }

    @Override
    public void resume() {
        StreamOutput to = output;
        Exchange current = exchange;
        if (to != null && to.unblocked() && current != null) {
            current.originWritable();
        }
    }

    // ---- the response

    /** A field section came: the head of an interim or the final response, or the trailer. */
    void fields(FieldSection fields, boolean endsStream) {
        anySeen = true;
        Exchange current = exchange;
        if (current == null) {
            return;
        }
        if (headSeen) {
            trailer(current, fields, endsStream);
            return;
        }
        ResponseHead head = connection.h2().exchanges().responseHead();
        String fault = connection
                .h2()
                .responseTranslator()
                .translate(fields, head, current.limits(), current.asksForHead(), endsStream);
        if (fault != null) {
            refuse(current, fault);
            return;
        }
        connection.streams().touch(this);
        if (head.status < 200) {
            if (!current.interim(head)) {
                refuse(current, "too many interim responses");
            }
            return;
        }
        expected = head.lines.contentLength;
        headSeen = true;
        ended = endsStream;
        current.responseHead(head, body);
        bodiless = body.done();
        if (endsStream && exchange == current) {
            finish(current);
        }
    }

    private void trailer(Exchange current, FieldSection fields, boolean endsStream) {
        String fault = null;
        if (!endsStream) {
            fault = "a second head";
        } else if (fields.overflown() || fields.length > TrailerFields.MAX_BYTES) {
            fault = "the trailer is too large";
        } else if (!lengthFits(true)) {
            fault = "the data and its content-length disagree";
        } else {
            try {
                trailers = TrailerTranslator.lines(fields);
            } catch (MalformedBodyException e) {
                fault = String.valueOf(e.getMessage());
            }
        }
        if (fault != null) {
            refuse(current, fault);
            return;
        }
        ended = true;
        connection.streams().touch(this);
        deliver(current);
    }

    /**
     * Data came.
     *
     * @return how many bytes of it, and of the padding, need not wait
     */
    int data(ByteBuf data, int padding, boolean endsStream) {
        anySeen = true;
        int size = data.readableBytes();
        Exchange current = exchange;
        HeldData waiting = held;
        if (current == null || waiting == null) {
            return size + padding;
        }
        receivedBytes += size;
        if (!headSeen || !lengthFits(endsStream)) {
            refuse(current, headSeen ? "the data and its content-length disagree" : "data before a head");
            return size + padding;
        }
        ended = endsStream;
        connection.streams().touch(this);
        if (!reading || !waiting.isEmpty()) {
            if (connection.h2().full() && waiting.size() + size > H2Limits.FAIR_BYTES) {
                exchange = null;
                reset(Http2Error.ENHANCE_YOUR_CALM);
                current.originLost(this);
                return size + padding;
            }
            waiting.add(data);
            return padding;
        }
        pass(current, data);
        taken(size);
        return size + padding;
    }

    private boolean lengthFits(boolean last) {
        if (bodiless) {
            return receivedBytes == 0;
        }
        return expected == HeaderLines.NO_LENGTH || (last ? receivedBytes == expected : receivedBytes <= expected);
    }

    @Override
    public void setReading(boolean on) {
        reading = on;
        Exchange current = exchange;
        if (on && current != null) {
            deliver(current);
            if (exchange == current) {
                current.flushClient();
            }
        }
    }

    /** Hands on what waits. */
    private void deliver(Exchange current) {
        HeldData waiting = held;
        if (waiting == null || !reading) {
            return;
        }
        if (waiting.isEmpty()) {
            if (ended && headSeen) {
                finish(current);
            }
            return;
        }
        ByteBuf all = waiting.takeAll();
        int size = all.readableBytes();
        waiting.consume(size);
        try {
            pass(current, all);
            taken(size);
        } finally {
            all.release();
        }
    }

    /** Bytes were handed on; where the client would take more of them, the endpoint may send more ahead. */
    private void taken(int bytes) {
        WideningWindow of = window;
        if (of != null && reading && !ended && exchange != null) {
            of.taken(bytes);
        }
    }

    private void pass(Exchange current, ByteBuf data) {
        try {
            ByteBuf part = body.take(data, connection.context().alloc());
            boolean last = ended && trailers.length == 0 && !body.endsInChunk();
            if (part != null) {
                current.responseBody(part, last);
            }
            if (ended && exchange == current) {
                finish(current);
            }
        } catch (MalformedBodyException e) {
            // Data has no form of its own that could be wrong.
            throw new IllegalStateException(e);
        }
    }

    /** All of the response was handed on. */
    private void finish(Exchange current) {
        byte[] rest = trailers;
        if (body.awaitsEnd()) {
            ByteBuf chunk = body.end(trailers, connection.context().alloc());
            if (chunk != null) {
                rest = TrailerFields.NONE;
                current.responseBody(chunk, true);
            }
        }
        if (exchange == current) {
            exchange = null;
            current.responseEnd(this, true, rest);
        }
    }

    @Override
    public void flushOther() {
        Exchange current = exchange;
        if (current != null) {
            current.flushClient();
        }
    }

    private void refuse(Exchange current, String fault) {
        exchange = null;
        reset(Http2Error.PROTOCOL_ERROR);
        current.badResponse(fault);
    }

    // ---- the end

    /** The endpoint has reset the stream. What is whole already still goes on to a client that takes its time. */
    void reset(long errorCode) {
        if (!ended) {
            lost(errorCode == Http2Error.REFUSED_STREAM.code());
        }
    }

    /** There will be no response. */
    void lost(boolean notTouched) {
        untouched = notTouched && !anySeen;
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.originLost(this);
        }
    }

    @Override
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        StreamOutput to = output;
        if (to != null) {
            to.close();
        }
        WideningWindow given = window;
        if (given != null) {
            given.close();
        }
        Http2Stream of = stream;
        if (ended && of != null && !of.isResetSent()) {
            connection.codec().guard().answered();
        }
        if (exchange == null || !ended) {
            drop();
            lost(connection.refuses(stream));
        }
    }

    @Override
    public void release(boolean reusable) {
        drop();
        Http2Stream of = stream;
        if (of != null && of.state().localSideOpen()) {
            // The rest of the request is wanted by nobody.
            reset(Http2Error.CANCEL);
        }
    }

    @Override
    public void abandon() {
        exchange = null;
        reset(Http2Error.CANCEL);
        drop();
    }

    /** Nobody wants what waits. */
    private void drop() {
        HeldData waiting = held;
        if (waiting != null) {
            waiting.close();
        }
    }

    private void reset(Http2Error code) {
        Http2Stream of = stream;
        if (of != null && !closed) {
            connection.codec().reset(of, code);
        }
    }

    // ---- what it is

    @Override
    public EndpointState endpoint() {
        return connection.endpoint();
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public boolean untouched() {
        return untouched;
    }

    @Override
    public boolean answering() {
        return anySeen;
    }

    /** An endpoint that speaks HTTP/2 is never asked for another protocol. */
    @Override
    public Channel detach() {
        throw new IllegalStateException("a stream has no channel of its own");
    }
}
