package io.scrimplb.proxy.listener;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.transport.Loop;

/** Gives back a connection's place, and counts it, when it closes: first in every pipeline and there to the end. */
final class AdmissionHandler extends ChannelInboundHandlerAdapter {
    private final Admission admission;
    private final Loop loop;
    private final ListenerHandle listener;

    AdmissionHandler(Admission admission, Loop loop, ListenerHandle listener) {
        this.admission = admission;
        this.loop = loop;
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        listener.counters().opened(loop.index());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        listener.counters().closed(loop.index());
        admission.leave();
        ctx.fireChannelInactive();
    }
}
