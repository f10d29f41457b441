package io.scrimplb.proxy.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Begins a connection to an endpoint with the PROXY header that tells of its client. First in the pipeline: before TLS, whose
 * handshake begins when this one has passed on that the channel is active.
 */
public final class ProxyHeaderWriter extends ChannelInboundHandlerAdapter {
    private final byte[] header;

    public ProxyHeaderWriter(byte[] header) {
        this.header = header;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(ctx.alloc().directBuffer(header.length).writeBytes(header));
        ctx.pipeline().remove(this);
        ctx.fireChannelActive();
    }
}
