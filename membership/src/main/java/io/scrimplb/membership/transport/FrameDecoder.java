package io.scrimplb.membership.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the bytes of a connection into frames, none larger than who sends it may send, and hands them on: control frames
 * to the dialogue, messages to whoever gets those of all connections. On the loop's thread.
 */
final class FrameDecoder extends ByteToMessageDecoder {
    private final MemberConnection connection;
    private final Dialogue dialogue;
    private final Connections all;
    private final HalfFrames halves;
    /** Bytes of the frame that is incomplete now. */
    private int held;

    FrameDecoder(MemberConnection connection, Dialogue dialogue, Connections all, HalfFrames halves) {
        this.connection = connection;
        this.dialogue = dialogue;
        this.all = all;
        this.halves = halves;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (connection.closed()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        connection.reads().read();
        if (in.readableBytes() < Frames.HEADER_BYTES) {
            partial(in.readableBytes());
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 1 || length > greatestFrame()) {
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
        connection.reads().complete();
        hold(0);
        in.skipBytes(Frames.HEADER_BYTES);
        byte[] content = new byte[length - 1];
        in.readBytes(content);
        if (kind == Frames.MESSAGE) {
            all.received(connection.peer(), content);
        } else {
            dialogue.heard(ctx.channel(), content);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        hold(0);
    }

    /** Largest frame that is taken now, bytes without its length. */
    private int greatestFrame() {
        if (!connection.open()) {
            return ControlCodec.MAX_BYTES;
        }
        Peer there = connection.peer();
        return there.restricted() && !all.isViewed(there) ? Frames.MAX_NEWCOMER_BYTES : Frames.MAX_MESSAGE_BYTES;
    }

    private void hold(int bytes) {
        if (bytes != held) {
            halves.add(bytes - held);
            held = bytes;
        }
    }

    private void partial(int bytes) throws BadFrameException {
        hold(bytes);
        if (halves.tooMany() && !(connection.open() && all.isViewed(connection.peer()))) {
            throw new BadFrameException("one half of a frame too many");
        }
        connection.reads().incomplete();
    }
}
