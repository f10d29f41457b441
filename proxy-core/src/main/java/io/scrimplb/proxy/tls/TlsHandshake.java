package io.scrimplb.proxy.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.scrimplb.proxy.telemetry.HandshakeResult;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.transport.Swept;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one handshake and accounts for it once. Stays behind the engine afterwards, since what the engine tells of a connection
 * (its end, a record that cannot be decrypted) is nothing to whoever speaks inside; bytes pass it by.
 */
final class TlsHandshake extends ChannelInboundHandlerAdapter implements Swept {
    private static final Logger log = LoggerFactory.getLogger(TlsHandshake.class);

    private final TlsLoop tls;
    private final ListenerCounters counters;
    private final TlsConnections connections;
    private final WholeRecords records;
    private final SslHandler engine;
    private final boolean challenge;
    private final long beginNanos;
    private @Nullable ChannelHandlerContext ctx;
    private boolean over;
    private int sweepIndex = NOT_SWEPT;

    /** @param beginNanos when the connection began */
    TlsHandshake(
            TlsLoop tls,
            ListenerCounters counters,
            TlsConnections connections,
            WholeRecords records,
            SslHandler engine,
            boolean challenge,
            long beginNanos) {
        this.tls = tls;
        this.counters = counters;
        this.connections = connections;
        this.records = records;
        this.engine = engine;
        this.challenge = challenge;
        this.beginNanos = beginNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        tls.loop().enlist(this);
        tls.begun(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        end(HandshakeResult.ABORTED);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                succeeded(context);
            } else {
                boolean left = !context.channel().isActive();
                log.debug("{} no handshake: {}", context.channel(), String.valueOf(completion.cause()));
                end(left ? HandshakeResult.ABORTED : HandshakeResult.REFUSED);
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            // The other side sends no more, and what it is still sent it need not read (RFC 8446, 6.1): like most, our
            // engines end both directions.
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void succeeded(ChannelHandlerContext context) {
        if (over) {
            return;
        }
        if (challenge) {
            end(HandshakeResult.CHALLENGE);
            context.close();
            return;
        }
        end(HandshakeResult.OK);
        String version = engine.engine().getSession().getProtocol();
        String protocol = engine.applicationProtocol();
        records.established(version);
        connections.secured(context.pipeline(), new TlsSession(version, protocol == null ? "" : protocol));
        context.fireChannelActive();
    }

    void crowdedOut() {
        end(HandshakeResult.CROWDED_OUT);
        close();
    }

    private void end(HandshakeResult result) {
        if (!over) {
            over = true;
            tls.loop().dismiss(this);
            tls.ended(this);
            counters.handshake(tls.loop().index(), result);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            log.debug("{} breaks TLS: {}", context.channel(), cause.getMessage());
            end(HandshakeResult.REFUSED);
            context.close();
        } else if (over) {
            context.fireExceptionCaught(cause);
        } else {
            if (cause instanceof IOException) {
                log.debug("{} failed in its handshake: {}", context.channel(), cause.toString());
            } else {
                connections.troubled(cause);
            }
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(HandshakeResult.ABORTED);
        context.fireChannelInactive();
    }

    @Override
    public void sweep(long nowNanos) {
        if (nowNanos - beginNanos > connections.handshakeNanos()) {
            end(HandshakeResult.TIMEOUT);
            close();
        }
    }

    /** What is in flight is not known before the end of the handshake, which comes soon. */
    @Override
    public void drain() {}

    @Override
    public void abort() {
        close();
    }

    private void close() {
        ChannelHandlerContext open = ctx;
        if (open != null) {
            open.close();
        }
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
