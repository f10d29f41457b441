package io.scrimplb.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.scrimplb.proxy.telemetry.HandshakeResult;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.transport.Swept;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of a TLS connection: reads the ClientHello, finds the certificate for it, and leaves the connection to the
 * engine. A listener that has no certificate at all refuses with unrecognized_name.
 *
 * <p>A client that afterwards asks for a host for which the certificate is not is answered like any other: no host of this proxy
 * asks clients for a certificate, so a request gains nothing by coming over the connection of another host, and a client that
 * shares a connection among the names of one certificate (RFC 9113, 9.1.1) gets what it asks for. A host whose connections are
 * passed through is the exception: it is told by 421 to come by a connection of its own.
 */
public final class TlsAccept extends ChannelInboundHandlerAdapter implements Swept {
    private static final Logger log = LoggerFactory.getLogger(TlsAccept.class);

    private final TlsLoop tls;
    private final ListenerCounters counters;
    private final TlsConnections connections;
    private final ClientHelloReader reader = new ClientHelloReader();
    private @Nullable Channel channel;

    /** What came of the ClientHello in earlier reads. */
    private @Nullable ByteBuf gathered;

    private boolean over;
    private long beginNanos;
    private int sweepIndex = NOT_SWEPT;

    public TlsAccept(TlsLoop tls, ListenerCounters counters, TlsConnections connections) {
        this.tls = tls;
        this.counters = counters;
        this.connections = connections;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        tls.loop().share(ctx.channel());
    }

    /** Behind a PROXY header, if one is due: only now it is the client's turn. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        beginNanos = tls.loop().tick();
        tls.loop().enlist(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        tls.loop().dismiss(this);
        ByteBuf held = gathered;
        gathered = null;
        if (held != null) {
            held.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (over) {
            bytes.release();
            return;
        }
        ByteBuf before = gathered;
        if (before != null) {
            before.writeBytes(bytes);
            bytes.release();
            bytes = before;
        }
        ClientHelloReader.State state = reader.read(bytes);
        if (state == ClientHelloReader.State.INCOMPLETE) {
            if (before == null) {
                // It must not hold the loop's buffer that it was read into. The reader bounds it.
                gathered = ctx.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
                bytes.release();
            }
            return;
        }
        gathered = null;
        over = true;
        tls.loop().dismiss(this);
        switch (state) {
            case COMPLETE -> serve(ctx, reader.hello(), bytes);
            case CLEAR_TEXT -> {
                bytes.release();
                counters.handshake(tls.loop().index(), HandshakeResult.CLEAR_TEXT);
                ctx.pipeline().remove(this);
                connections.clearText(ctx.channel());
            }
            case FOREIGN -> {
                bytes.release();
                counters.handshake(tls.loop().index(), HandshakeResult.MALFORMED);
                ctx.close();
            }
            default -> {
                bytes.release();
                refuse(ctx, HandshakeResult.MALFORMED, Alert.DECODE_ERROR);
            }
        }
    }

    private void serve(ChannelHandlerContext ctx, ClientHello hello, ByteBuf bytes) {
        CertificateTable table = connections.certificates();
        boolean challenge = hello.isAcmeChallenge();
        ServerCertificate certificate = challenge ? table.challenge(hello.serverName()) : table.find(hello);
        // An authority that asks for a challenge of ours is answered here even under a name that is passed through.
        if (!(challenge && certificate != null) && connections.passThrough(ctx, hello, bytes)) {
            return;
        }
        if (challenge && certificate == null || !challenge && !hello.protocols().isEmpty() && !speaksOneOf(hello)) {
            // RFC 7301, 3.2. Who speaks something else must not be made to take HTTP for it.
            bytes.release();
            refuse(ctx, HandshakeResult.NO_PROTOCOL, Alert.NO_APPLICATION_PROTOCOL);
            return;
        }
        if (certificate == null) {
            bytes.release();
            refuse(ctx, HandshakeResult.NO_CERTIFICATE, Alert.UNRECOGNIZED_NAME);
            return;
        }
        WholeRecords records = new WholeRecords();
        SslHandler engine;
        try {
            engine = certificate.newHandler(ctx.alloc());
        } catch (RuntimeException | Error e) {
            bytes.release();
            throw e;
        }
        // The sweep watches the time, without a timer a connection.
        engine.setHandshakeTimeoutMillis(0);
        ChannelPipeline pipeline = ctx.pipeline();
        // Cuts what is read into whole records, so that the engine keeps nothing of the loop's buffer.
        pipeline.addLast(records);
        // Encrypts and decrypts.
        pipeline.addLast(engine);
        // Watches the handshake, and puts what is spoken inside behind itself.
        pipeline.addLast(new TlsHandshake(tls, counters, connections, records, engine, challenge, beginNanos));
        ctx.fireChannelRead(bytes);
        ctx.fireChannelReadComplete();
        if (!ctx.isRemoved()) {
            pipeline.remove(this);
        }
    }

    private boolean speaksOneOf(ClientHello hello) {
        for (String protocol : connections.protocols()) {
            if (hello.protocols().contains(protocol)) {
                return true;
            }
        }
        return false;
    }

    private void refuse(ChannelHandlerContext ctx, HandshakeResult result, Alert alert) {
        log.debug("{} refused: {}", ctx.channel(), result);
        counters.handshake(tls.loop().index(), result);
        alert.end(ctx.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!over) {
            over = true;
            // Who connects and says nothing, as health checks do, began no handshake.
            if (gathered != null) {
                counters.handshake(tls.loop().index(), HandshakeResult.ABORTED);
            }
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("{} failed before its handshake: {}", ctx.channel(), cause.toString());
        } else {
            connections.troubled(cause);
        }
        ctx.close();
    }

    @Override
    public void sweep(long nowNanos) {
        if (nowNanos - beginNanos > connections.handshakeNanos()) {
            over = true;
            counters.handshake(tls.loop().index(), HandshakeResult.TIMEOUT);
            close();
        }
    }

    /** Who has said nothing has nothing in flight; a handshake that has begun comes to its end soon. */
    @Override
    public void drain() {
        if (gathered == null && connections.ends()) {
            close();
        }
    }

    @Override
    public void abort() {
        close();
    }

    private void close() {
        Channel open = channel;
        if (open != null) {
            tls.loop().dismiss(this);
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
