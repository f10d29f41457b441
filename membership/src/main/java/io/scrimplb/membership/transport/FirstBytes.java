package io.scrimplb.membership.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands before everything else while a connection has not proved itself: tells TLS from plain frames by the first
 * byte, so that members with and without a secret can tell each other why they do not get together, and counts bytes.
 * On the loop's thread.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
    /** Most bytes before a connection is open; a handshake with certificates and the hello take under 4,000. */
    static final int MAX_BYTES = 32 * 1024;
    /** Type of a TLS record (RFC 8446, 5.1): alert, */
    private static final int TLS_ALERT = 21;
    /** and handshake. */
    private static final int TLS_HANDSHAKE = 22;
    /** The length of a plain frame begins with it, as long as the frame is under 16 MiB. */
    private static final int PLAIN = 0;

    private final MemberConnection connection;
    private final Dialogue dialogue;
    private final Handshakes handshakes;
    private boolean judged;
    private int bytes;

    FirstBytes(MemberConnection connection, Dialogue dialogue, Handshakes handshakes) {
        this.connection = connection;
        this.dialogue = dialogue;
        this.handshakes = handshakes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        if (connection.closed() || !in.isReadable()) {
            ReferenceCountUtil.release(msg);
            return;
        }
        bytes += in.readableBytes();
        if (bytes > MAX_BYTES) {
            ReferenceCountUtil.release(msg);
            connection.bad("more than " + MAX_BYTES + " bytes before it proved itself");
            return;
        }
        if (!judged) {
            judged = true;
            int first = in.getUnsignedByte(in.readerIndex());
            boolean tls = first == TLS_HANDSHAKE || first == TLS_ALERT;
            if (!tls && first != PLAIN) {
                ReferenceCountUtil.release(msg);
                connection.bad("bytes that no member sends");
                return;
            }
            connection.advance(Admission.Stage.SHAKING);
            if (tls != handshakes.secured()) {
                ReferenceCountUtil.release(msg);
                misunderstood();
                return;
            }
            if (tls && !connection.dialled()) {
                // Only now, so that one who says nothing costs next to nothing.
                ctx.pipeline().addAfter(ctx.name(), Handshakes.HANDLER, handshakes.server());
            }
        }
        ctx.fireChannelRead(msg);
    }

    /** A plain frame where TLS was expected, or the other way round: refusals are plain, whoever sends them. */
    private void misunderstood() {
        boolean secured = handshakes.secured();
        if (connection.dialled()) {
            connection.fail(Reach.of(secured ? Reach.Outcome.NO_SECRET : Reach.Outcome.SECRET_WANTED));
        } else {
            dialogue.refuse(secured ? Refusal.SECRET_WANTED : Refusal.NO_SECRET, "");
        }
    }
}
