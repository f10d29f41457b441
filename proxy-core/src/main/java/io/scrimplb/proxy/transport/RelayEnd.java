package io.scrimplb.proxy.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One side of a {@link ByteRelay}: what comes from its channel goes to the other one. A direction starts by copying, which is
 * cheapest for messages, and is spliced once it carries bulk, where the transport allows it.
 */
final class RelayEnd extends ChannelInboundHandlerAdapter implements SplicedDirection.Owner {
    /** A read of so much counts as bulk; what comes in smaller pieces is cheaper to copy than to splice. */
    private static final int BULK_READ_BYTES = 16 * 1024;

    /** So much in bulk reads, one after the other, and the direction is spliced: two full reads or more. */
    private static final int SPLICE_AFTER_BYTES = 2 * ReceiveBuffer.BYTES;

    private final ByteRelay relay;
    private final Loop loop;
    private final Channel self;
    private final Channel peer;
    private final ByteRelay.Ending reset;
    private boolean inputOpen = true;
    private boolean unflushed;

    /** Null unless bytes may go past Netty's pipelines. */
    private @Nullable EpollSocketChannel direct;

    /** Null as long as {@link #direct} is. */
    private @Nullable RelayReads reads;

    private @Nullable SplicedDirection spliced;
    private int bulkBytes;

    /** @param reset how the relay ends when this side fails */
    RelayEnd(ByteRelay relay, Loop loop, Channel self, Channel peer, ByteRelay.Ending reset) {
        this.relay = relay;
        this.loop = loop;
        this.self = self;
        this.peer = peer;
        this.reset = reset;
    }

    /** From now on bytes may go from descriptor to descriptor: no handler of either pipeline changes any. */
    void goDirect(EpollSocketChannel from, EpollSocketChannel to) {
        direct = to;
        reads = RelayReads.of(from, to, loop);
    }

    /** What was read before; becomes this side's. */
    void inject(ByteBuf early) {
        if (early.isReadable()) {
            forward(early);
            flush();
        } else {
            early.release();
        }
        if (self.isActive() && ((DuplexChannel) self).isInputShutdown()) {
            inputEnded();
        }
    }

    /** Reads on, if what was read before has gone out far enough. */
    @Override
    public void resume() {
        SplicedDirection direction = spliced;
        if (!relay.ended() && peer.isWritable() && (direction == null || !direction.waiting())) {
            self.config().setAutoRead(true);
        }
    }

    void sweep() {
        SplicedDirection direction = spliced;
        if (direction != null) {
            direction.sweep();
        }
    }

    /** Copies from now on. What waits still goes out. */
    void stopSplicing() {
        SplicedDirection direction = spliced;
        if (direction != null) {
            spliced = null;
            if (reads != null) {
                reads.splice(null);
            }
            direction.stop();
        }
    }

    private void forward(ByteBuf bytes) {
        if (relay.ended()) {
            bytes.release();
            return;
        }
        int length = bytes.readableBytes();
        moved(length);
        bulkBytes = length >= BULK_READ_BYTES ? bulkBytes + length : 0;
        if (direct != null && bytes.hasMemoryAddress() && DirectWrite.possible(direct)) {
            DirectWrite.some(direct, bytes);
            if (!bytes.isReadable()) {
                bytes.release();
                return;
            }
        }
        peer.write(loop.unshared(bytes), peer.voidPromise());
        unflushed = true;
        if (!peer.isWritable()) {
            self.config().setAutoRead(false);
        }
    }

    private void flush() {
        if (unflushed) {
            unflushed = false;
            peer.flush();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            forward(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
        if (bulkBytes >= SPLICE_AFTER_BYTES) {
            bulkBytes = 0;
            splice();
        }
    }

    private void splice() {
        if (spliced == null && direct != null && reads != null && reads.used() && inputOpen && !relay.ended()) {
            spliced = SplicedDirection.open(loop.pipes(), (EpollSocketChannel) self, direct, this);
            reads.splice(spliced);
        }
    }

    @Override
    public void moved(int bytes) {
        relay.moved(this, bytes);
    }

    @Override
    public void progressed() {
        relay.progressed();
    }

    @Override
    public void failed() {
        relay.peerFailed(this);
    }

    @Override
    public void quietened() {
        stopSplicing();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (self.isWritable()) {
            relay.writable(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        }
    }

    private void inputEnded() {
        if (!inputOpen || relay.ended()) {
            return;
        }
        inputOpen = false;
        stopSplicing();
        if (!relay.lastInputEnded()) {
            peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> LingeringClose.endOutput(peer));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        relay.end(ByteRelay.Ending.CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause != SplicedDirection.NOTHING_READ) {
            fail();
        }
    }

    void fail() {
        relay.end(reset);
    }
}
