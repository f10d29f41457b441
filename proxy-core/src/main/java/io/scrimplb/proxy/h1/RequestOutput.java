package io.scrimplb.proxy.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.scrimplb.proxy.exchange.OutgoingRequest;
import io.scrimplb.proxy.http.Chunks;
import io.scrimplb.proxy.http.HeadBuffer;
import io.scrimplb.proxy.http.TrailerFields;
import io.scrimplb.proxy.transport.SendBuffer;
import org.jspecify.annotations.Nullable;

/** What goes out on a connection to an endpoint: a request, in chunks where its body has no length. */
final class RequestOutput {
    private final SendBuffer sending;
    private @Nullable Channel channel;
    private boolean framesBody;
    private boolean ended;

    RequestOutput(SendBuffer sending) {
        this.sending = sending;
    }

    /** There is a channel to send on. */
    void begin(Channel to) {
        channel = to;
    }

    /** The endpoint takes no more. */
    void end() {
        ended = true;
    }

    void send(OutgoingRequest request) {
        Channel open = channel;
        if (open == null || ended) {
            return;
        }
        framesBody = request.unframed();
        HeadBuffer first = request.first();
        if (!framesBody) {
            first.sendTo(sending, open);
            return;
        }
        int head = request.headLength();
        first.sendTo(sending, open, 0, head);
        if (first.length() > head) {
            write(Chunks.of(Unpooled.wrappedBuffer(first.array(), head, first.length() - head), open.alloc()));
        }
        if (request.done()) {
            write(Chunks.last(request.trailers(), open.alloc()));
        }
    }

    /** @param part becomes this output's */
    void body(ByteBuf part, boolean last) {
        Channel open = channel;
        if (!framesBody || open == null) {
            write(part);
            return;
        }
        if (part.isReadable()) {
            write(Chunks.of(part, open.alloc()));
        }
        part.release();
        if (last) {
            bodyEnd(TrailerFields.NONE);
        }
    }

    void bodyEnd(byte[] trailers) {
        Channel open = channel;
        if (framesBody && open != null) {
            write(Chunks.last(trailers, open.alloc()));
        }
    }

    private void write(ByteBuf bytes) {
        Channel open = channel;
        if (open == null || ended) {
            bytes.release();
            return;
        }
        sending.put(open, bytes);
    }

    void flush() {
        Channel open = channel;
        if (open != null) {
            sending.flush(open);
        }
    }

    boolean isSent() {
        Channel open = channel;
        return open != null && SendBuffer.isSent(open);
    }

    boolean isWritable() {
        Channel open = channel;
        return open != null && open.isWritable();
    }
}
