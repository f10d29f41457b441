package io.scrimplb.proxy.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells, now and then, that connections cannot be accepted; Netty tries again after a second. One a listener. */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private long toldNanos = System.nanoTime() - QUIET_NANOS;

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        long now = System.nanoTime();
        if (now - toldNanos >= QUIET_NANOS) {
            toldNanos = now;
            log.warn(
                    "connections to {} cannot be accepted: {}; raise the limit of open files (ulimit -n) or lower"
                            + " limits.connections",
                    ctx.channel().localAddress(),
                    cause.getMessage());
        }
    }
}
