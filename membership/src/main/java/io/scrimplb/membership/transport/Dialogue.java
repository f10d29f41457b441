package io.scrimplb.membership.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.scrimplb.membership.trust.Proof;
import io.scrimplb.membership.trust.TrustException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of one connection say in control frames: they introduce themselves, as soon as the handshake proved
 * who they are, and one of them may say goodbye. Tells the connection what came of it. On the loop's thread.
 */
final class Dialogue extends ChannelInboundHandlerAdapter {
    private final MemberConnection connection;
    private final Outbox outbox;
    private final Introduction introduction;
    private final Handshakes handshakes;
    private final ControlCodec codec;

    private boolean begun;
    /** What the handshake proved; null before it, and where there is no secret. */
    private @Nullable Proof proof;

    /**
     * @param outbox the connection's
     */
    Dialogue(
            MemberConnection connection,
            Outbox outbox,
            Introduction introduction,
            Handshakes handshakes,
            ControlCodec codec) {
        this.connection = connection;
        this.outbox = outbox;
        this.introduction = introduction;
        this.handshakes = handshakes;
        this.codec = codec;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        if (!handshakes.secured()) {
            begin(ctx.channel());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent shaken) {
            if (shaken.isSuccess()) {
                shaken(ctx);
            } else {
                connection.failed(shaken.cause());
            }
        }
        super.userEventTriggered(ctx, event);
    }

    private void shaken(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        try {
            proof = handshakes.proofOf(tls.engine().getSession());
        } catch (TrustException e) {
            connection.failed(e);
            return;
        }
        if (!ControlCodec.APPLICATION_PROTOCOL.equals(tls.engine().getApplicationProtocol())) {
            connection.bad("no protocol of ours by ALPN");
            return;
        }
        connection.advance(Admission.Stage.PROVED);
        begin(ctx.channel());
    }

    private void begin(Channel out) {
        if (begun || connection.closed()) {
            return;
        }
        begun = true;
        if (connection.dialled()) {
            outbox.say(out, introduction.hello());
        }
    }

    /** A control frame came. */
    void heard(Channel out, byte[] content) throws IOException {
        Control control = codec.decode(content, 0, content.length);
        boolean introducing = begun && !connection.open();
        if (control instanceof Control.Goodbye && connection.open()) {
            connection.leftByOther();
        } else if (control instanceof Control.Hello hello && !connection.dialled() && introducing) {
            hello(out, hello);
        } else if (control instanceof Control.Welcome welcome && connection.dialled() && introducing) {
            welcome(welcome);
        } else if (control instanceof Control.Refused refused && connection.dialled() && introducing) {
            connection.fail(Reach.refused(refused.reason(), refused.detail()));
        } else {
            throw new BadFrameException("a control frame out of turn");
        }
    }

    private void hello(Channel out, Control.Hello hello) {
        Introduction.Verdict verdict = introduction.judge(hello, proof);
        if (verdict.refusal() != null) {
            refuse(verdict.refusal(), verdict.detail());
            return;
        }
        outbox.say(out, introduction.welcome(hello.versions(), handshakes.certificateFor(proof)));
        connection.opened(Peer.of(hello.self(), verdict.grant()));
    }

    private void welcome(Control.Welcome welcome) {
        Introduction.Verdict verdict = introduction.judge(welcome, proof);
        if (verdict.refusal() != null) {
            connection.report("a member that is not what it says");
            connection.fail(Reach.refused(verdict.refusal(), verdict.detail()));
            return;
        }
        byte[] certificate = welcome.certificate();
        if (certificate != null && handshakes.secured()) {
            handshakes.adopt(certificate);
        }
        connection.opened(Peer.of(welcome.self(), verdict.grant()));
    }

    /** Tells the other side why it is not let in, and closes. */
    void refuse(Refusal reason, String detail) {
        if (!connection.closed()) {
            connection.report("refused: " + reason.label());
            connection.closeWith(new Control.Refused(reason, detail));
        }
    }
}
