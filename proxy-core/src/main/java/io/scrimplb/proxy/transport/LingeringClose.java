package io.scrimplb.proxy.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * Takes a connection over after its last response: lets what is written get out, then, when the client may still be sending,
 * ends the output and throws away what comes for a while, so that no reset destroys the response on its way (RFC 9112, 9.6).
 */
public final class LingeringClose extends ChannelInboundHandlerAdapter implements Swept {
    /** How long the client may be silent after the output has ended. */
    private static final long SILENCE_NANOS = 2_000_000_000L;

    /** How long it may go on sending. */
    private static final long SENDING_NANOS = 5_000_000_000L;

    private final Loop loop;
    private final Channel channel;
    private final boolean lingers;
    private final long stallNanos;
    private int sweepIndex = NOT_SWEPT;
    private boolean flushed;
    private long flushedNanos;
    private final StallWatch watch = new StallWatch();

    private LingeringClose(Loop loop, Channel channel, boolean lingers, long stallNanos) {
        this.loop = loop;
        this.channel = channel;
        this.lingers = lingers;
        this.stallNanos = stallNanos;
    }

    /**
     * Closes a channel whose own handler has left its pipeline. On its loop.
     *
     * @param lingers whether the client may still be sending
     * @param stallNanos how long the client may take nothing of what is written
     */
    public static void of(Loop loop, Channel channel, boolean lingers, long stallNanos) {
        LingeringClose closing = new LingeringClose(loop, channel, lingers, stallNanos);
        closing.watch.restart(System.nanoTime());
        channel.pipeline().addLast(closing);
        loop.enlist(closing);
        channel.closeFuture().addListener(done -> loop.dismiss(closing));
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> closing.flushed(done.isSuccess()));
    }

    /**
     * Closes a channel so that the other side takes it for a failure and not for an end: also where it is encrypted, whose engine
     * would say in its own words that this is the end (RFC 8446, 6.1), and wait for one that takes nothing to hear it.
     */
    public static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ChannelHandlerContext encryption = channel.pipeline().context(SslHandler.class);
        if (encryption == null) {
            channel.close();
        } else {
            // Begins at the handler before the engine's.
            encryption.close();
        }
    }

    /**
     * Bytes that wait in the channel, up to a constant: only a change of it means something. It moves when a whole buffer has
     * gone out, up to 64 KiB of it, and a client that takes less within a deadline counts as one that takes nothing.
     */
    public static long pendingMark(Channel channel) {
        return channel.bytesBeforeWritable() - channel.bytesBeforeUnwritable();
    }

    /** Ends what this side sends, by TLS in its own words first: without them the other side cannot tell an end from a cut. */
    public static void endOutput(Channel channel) {
        SslHandler encryption = channel.pipeline().get(SslHandler.class);
        if (encryption == null) {
            ((DuplexChannel) channel).shutdownOutput();
        } else {
            encryption.closeOutbound().addListener(done -> ((DuplexChannel) channel).shutdownOutput());
        }
    }

    private void flushed(boolean written) {
        if (!written || !lingers || !channel.isActive()) {
            channel.close();
            return;
        }
        flushed = true;
        flushedNanos = System.nanoTime();
        watch.restart(flushedNanos);
        endOutput(channel);
        channel.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
        if (flushed) {
            watch.restart(System.nanoTime());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void sweep(long nowNanos) {
        long still = watch.still(pendingMark(channel), nowNanos);
        if (!flushed && still > stallNanos) {
            reset(channel);
        } else if (flushed && (still > SILENCE_NANOS || nowNanos - flushedNanos > SENDING_NANOS)) {
            channel.close();
        }
    }

    @Override
    public void drain() {}

    @Override
    public void abort() {
        channel.close();
    }

    @Override
    public int sweepIndex() {
        return sweepIndex;
    }

    @Override
    public void sweepIndex(int index) {
        sweepIndex = index;
    }
}
