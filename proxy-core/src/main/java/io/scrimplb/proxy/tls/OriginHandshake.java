package io.scrimplb.proxy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.scrimplb.proxy.transport.Loop;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Between the engine and what speaks inside on a connection to an endpoint: what is inside hears of the connection once it is
 * secure, and of its end as an end only when the endpoint said so (RFC 8446, 6.1), else as of a failure, for a response may have been
 * cut by anybody on the way.
 */
final class OriginHandshake extends ChannelInboundHandlerAdapter {
    private final Loop loop;
    private final Duration timeout;
    private final WholeRecords records;
    private final SslHandler engine;
    private final Consumer<Throwable> failed;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean over;
    private boolean secure;
    private boolean endTold;

    /** @param timeout from now to the end of the handshake */
    OriginHandshake(Loop loop, Duration timeout, WholeRecords records, SslHandler engine, Consumer<Throwable> failed) {
        this.loop = loop;
        this.timeout = timeout;
        this.records = records;
        this.engine = engine;
        this.failed = failed;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = loop.executor()
                .schedule(
                        () -> fail(ctx, new ConnectTimeoutException("no TLS handshake in time")),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // Told once the handshake is done.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            loop.tick();
            if (!completion.isSuccess()) {
                fail(ctx, OriginTlsException.of(completion.cause()));
            } else if (!over) {
                over = true;
                secure = true;
                cancel();
                records.established(engine.engine().getSession().getProtocol());
                ctx.fireChannelActive();
            }
        } else if (event instanceof SslCloseCompletionEvent completion) {
            endTold |= completion.isSuccess();
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        if (!over) {
            over = true;
            cancel();
            // Before the end of the channel is told, which would say less.
            failed.accept(cause);
            ctx.close();
        }
    }

    private void cancel() {
        ScheduledFuture<?> pending = deadline;
        deadline = null;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean broken = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (!secure) {
            fail(ctx, OriginTlsException.of(cause));
        } else if (broken) {
            ctx.fireExceptionCaught(cause.getCause());
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!secure) {
            fail(ctx, OriginTlsException.of(new SSLException("the endpoint closed the connection in the handshake")));
        } else if (!endTold) {
            ctx.fireExceptionCaught(new SSLException("the endpoint closed the connection without a word"));
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancel();
    }
}
