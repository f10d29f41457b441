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
            partial();
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 1 || length > (connection.open() ? Frames.MAX_MESSAGE_BYTES : ControlCodec.MAX_BYTES)) {
            throw new BadFrameException("a frame of " + length + " bytes");
        }
        byte kind = in.getByte(in.readerIndex() + Integer.BYTES);
        if (kind != Frames.CONTROL && (kind != Frames.MESSAGE || !connection.open())) {
            throw new BadFrameException("a frame of kind " + kind);
        }
        if (in.readableBytes() < Integer.BYTES + length) {
            partial();
            return;
        }
        partialNanos = 0;
        in.skipBytes(Frames.HEADER_BYTES);
        byte[] content = new byte[length - 1];
        in.readBytes(content);
        connection.received(kind, content);
    }

    /** A byte now and then buys no more time. */
    private void partial() {
        if (partialNanos == 0) {
            partialNanos = readNanos;
        }
    }
}
