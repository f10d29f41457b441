package io.scrimplb.membership.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts the bytes of a connection into frames, and hands them to it. On the loop's thread. */
final class FrameDecoder extends ByteToMessageDecoder {
    private final MemberConnection connection;
    private long readNanos = System.nanoTime();
    private long partialNanos;
    /** Bytes of the frame that is incomplete now. */
    private int held;

    FrameDecoder(MemberConnection connection) {
        this.connection = connection;
    }

    /** When something was last read. */
    long readNanos() {
        return readNanos;
    }

    /** When the frame that is incomplete now began; 0 when there is none. */
    long partialNanos() {
        return partialNanos;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (connection.closed()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        readNanos = System.nanoTime();
        if (in.readableBytes() < Frames.HEADER_BYTES) {
            partial(in.readableBytes());
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 1 || length > connection.greatestFrame()) {
            throw new BadFrameException("a frame of " + length + " bytes");
        }
        byte kind = in.getByte(in.readerIndex() + Integer.BYTES);
        if (kind != Frames.CONTROL && (kind != Frames.MESSAGE || !connection.open())) {
            throw new BadFrameException("a frame of kind " + kind);
        }
        if (in.readableBytes() < Integer.BYTES + length) {
            partial(in.readableBytes());
            return;
        }
        partialNanos = 0;
        hold(0);
        in.skipBytes(Frames.HEADER_BYTES);
        byte[] content = new byte[length - 1];
        in.readBytes(content);
        connection.received(kind, content);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        hold(0);
    }

    private void hold(int bytes) {
        if (bytes != held) {
            connection.holds(bytes - held);
            held = bytes;
        }
    }

    /** A byte now and then buys no more time. */
    private void partial(int bytes) throws BadFrameException {
        hold(bytes);
        if (connection.holdsTooMuch()) {
            throw new BadFrameException("one half of a frame too many");
        }
        if (partialNanos == 0) {
            partialNanos = readNanos;
        }
    }
}
