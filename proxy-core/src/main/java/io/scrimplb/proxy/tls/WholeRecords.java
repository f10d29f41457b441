package io.scrimplb.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Hands the engine whole records only. A record whose end has not come yet waits here in a buffer of its own size: the engine's
 * handler would keep the very buffer it was read into, which is the one that all connections of a loop share, and a client that
 * trickles would pin 64 KiB. Also ends connections that try to negotiate anew by TLS 1.2, which no client needs and which costs
 * a server more than it costs a client.
 */
public final class WholeRecords extends ChannelInboundHandlerAdapter {
    private static final int HEADER_BYTES = 5;
    private static final int HANDSHAKE_RECORD = 22;

    /** RFC 5246, 6.2.3: 2^14 bytes and 2,048 for the encryption. */
    private static final int MAX_LENGTH = (1 << 14) + 2048;

    private @Nullable ByteBuf partial;

    /** Whether what came is not TLS; the engine says so to the client. */
    private boolean broken;

    private boolean noHandshakes;

    /**
     * The handshake is done.
     *
     * @param version by which; by TLS 1.2 any further handshake would stand in the open
     */
    public void established(String version) {
        noHandshakes = "TLSv1.2".equals(version);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf begun = partial;
        if (begun != null) {
            begun = fill(ctx, begun, in);
            if (begun == null) {
                in.release();
                return;
            }
            partial = null;
            if (noHandshakes && begun.getByte(begun.readerIndex()) == HANDSHAKE_RECORD) {
                begun.release();
                in.release();
                ctx.close();
                return;
            }
            ctx.fireChannelRead(begun);
            if (!in.isReadable()) {
                in.release();
                return;
            }
        }
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (!broken && end - at >= HEADER_BYTES) {
            int length = recordBytes(in, at);
            if (noHandshakes && in.getByte(at) == HANDSHAKE_RECORD) {
                in.release();
                ctx.close();
                return;
            }
            if (length > end - at) {
                break;
            }
            at += length;
        }
        if (!broken && at < end) {
            partial = begin(ctx, in, at, end);
            in.writerIndex(at);
        }
        if (in.isReadable()) {
            ctx.fireChannelRead(in);
        } else {
            in.release();
        }
    }

    private static ByteBuf begin(ChannelHandlerContext ctx, ByteBuf in, int from, int end) {
        int there = end - from;
        int capacity = there < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + in.getUnsignedShort(from + 3);
        return ctx.alloc().directBuffer(capacity).writeBytes(in, from, there);
    }

    /**
     * Completes the record in hand with what came.
     *
     * @return the whole record; null while it is not
     */
    private @Nullable ByteBuf fill(ChannelHandlerContext ctx, ByteBuf begun, ByteBuf in) {
        ByteBuf record = begun;
        if (record.readableBytes() < HEADER_BYTES) {
            record.writeBytes(in, Math.min(HEADER_BYTES - record.readableBytes(), in.readableBytes()));
            if (record.readableBytes() < HEADER_BYTES) {
                return null;
            }
            int length = recordBytes(record, record.readerIndex());
            if (broken) {
                return record;
            }
            ByteBuf wide = ctx.alloc().directBuffer(length).writeBytes(record);
            record.release();
            record = wide;
            partial = record;
        }
        int missing = HEADER_BYTES + record.getUnsignedShort(record.readerIndex() + 3) - record.readableBytes();
        record.writeBytes(in, Math.min(missing, in.readableBytes()));
        return missing <= 0
                        || record.readableBytes() == HEADER_BYTES + record.getUnsignedShort(record.readerIndex() + 3)
                ? record
                : null;
    }

    private int recordBytes(ByteBuf in, int at) {
        int length = in.getUnsignedShort(at + 3);
        broken |= length > MAX_LENGTH;
        return HEADER_BYTES + length;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf held = partial;
        partial = null;
        if (held != null) {
            held.release();
        }
    }
}
