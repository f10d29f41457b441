package io.scrimplb.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener does when connections cannot be accepted, mostly for want of file descriptors: says so now and then, and
 * pauses, since the connection that waits would be reported again at once. One for each listening socket.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long PAUSE_MILLIS = 1_000;

    private long toldNanos = System.nanoTime() - QUIET_NANOS;

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Channel channel = ctx.channel();
        if (channel.config().isAutoRead()) {
            channel.config().setAutoRead(false);
            channel.eventLoop().schedule(() -> channel.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        long now = System.nanoTime();
        if (now - toldNanos >= QUIET_NANOS) {
            toldNanos = now;
            log.warn(
                    "connections to {} cannot be accepted: {}; raise the limit of open files (ulimit -n) or lower"
                            + " limits.connections",
                    channel.localAddress(),
                    cause.getMessage());
        }
    }
}
