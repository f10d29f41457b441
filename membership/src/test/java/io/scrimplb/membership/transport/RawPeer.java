package io.scrimplb.membership.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.Credentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jgroups.Message;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.ExtendedUUID;
import org.jspecify.annotations.Nullable;

/** The other end of a connection with a member, saying whatever a test wants. All of them share two threads. */
public final class RawPeer implements AutoCloseable {
    private static final EventLoopGroup GROUP =
            new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("raw-peer", true), NioIoHandler.newFactory());
    private static final int MAX_FRAME = 1024 * 1024;
    private static final long PATIENCE_SECONDS = 20;

    private final Channel channel;
    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    private @Nullable ExtendedUUID address;

    private RawPeer(InetSocketAddress to, @Nullable SSLEngine engine) throws IOException {
        try {
            channel = new Bootstrap()
                    .group(GROUP)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel made) {
                            if (engine != null) {
                                made.pipeline().addLast(new SslHandler(engine));
                            }
                            made.pipeline().addLast(new LengthFieldBasedFrameDecoder(MAX_FRAME, 0, 4, 0, 4));
                            made.pipeline().addLast(new Received());
                        }
                    })
                    .connect(to)
                    .sync()
                    .channel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private final class Received extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            frames.add(bytes);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Without TLS. */
    public static RawPeer plain(InetSocketAddress to) throws IOException {
        return new RawPeer(to, null);
    }

    /** With this engine; its handshake begins at once. */
    public static RawPeer tls(InetSocketAddress to, SSLEngine engine) throws IOException {
        return new RawPeer(to, engine);
    }

    /** As a member would: TLS with these credentials, or plain where there are none; the hello is not said yet. */
    public static RawPeer connect(InetSocketAddress to, @Nullable Credentials credentials) throws IOException {
        return credentials == null
                ? plain(to)
                : tls(to, credentials.clientEngine(List.of(ControlCodec.APPLICATION_PROTOCOL)));
    }

    /** Connects, says hello and is let in. */
    public static RawPeer member(
            InetSocketAddress to, @Nullable Credentials credentials, Role role, String name, String cluster)
            throws Exception {
        RawPeer peer = connect(to, credentials);
        peer.hello(credentials, role, name, cluster);
        Control answer = peer.answer();
        if (!(answer instanceof Control.Welcome)) {
            peer.close();
            throw new IOException("not let in: " + answer);
        }
        return peer;
    }

    public void hello(@Nullable Credentials credentials, Role role, String name, String cluster) {
        UUID unique = credentials == null ? UUID.randomUUID() : credentials.memberId();
        InetSocketAddress at = (InetSocketAddress) channel.localAddress();
        Control.Self self = new Control.Self(MemberAddress.id(unique, role), role, name, at);
        address = MemberAddress.create(self.id(), role, name, at);
        control(new Control.Hello(Versions.OWN, cluster, self));
    }

    /** Who it said it was. */
    public ExtendedUUID address() {
        if (address == null) {
            throw new IllegalStateException("no hello yet");
        }
        return address;
    }

    void control(Control control) {
        frame(Frames.CONTROL, new ControlCodec().encode(control));
    }

    /** A frame of any kind. */
    public void frame(int kind, byte[] content) {
        ByteBuf frame = Unpooled.buffer(Frames.HEADER_BYTES + content.length);
        frame.writeInt(content.length + 1).writeByte(kind).writeBytes(content);
        channel.writeAndFlush(frame);
    }

    public void message(byte[] content) {
        frame(Frames.MESSAGE, content);
    }

    public void message(Message message) {
        message(content(message));
    }

    /** A message as it stands in a frame. */
    public static byte[] content(Message message) {
        try {
            ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(512);
            out.writeByte(message.getDest() == null ? 1 : 0);
            out.writeShort(message.getType());
            message.writeToNoAddrs(message.getSrc(), out);
            byte[] content = new byte[out.position()];
            System.arraycopy(out.buffer(), 0, content, 0, content.length);
            return content;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Any bytes. */
    public void bytes(byte... bytes) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    /** Bytes that no TLS wraps, although there is one. */
    public void bare(byte... bytes) {
        channel.pipeline().firstContext().writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    /** Waits until everything that was said has left. */
    public void flushed() throws InterruptedException {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether there is so much on its way that more would only take memory here. */
    public boolean congested() {
        return !channel.isWritable();
    }

    /** Stops reading, for good. */
    public void deaf() {
        channel.config().setAutoRead(false);
    }

    /** The next frame, kind first; null when none came in time. */
    public byte @Nullable [] next(long millis) throws InterruptedException {
        return frames.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** The next control frame. */
    Control answer() throws Exception {
        byte[] frame = next(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        if (frame == null || frame[0] != Frames.CONTROL) {
            throw new IOException(frame == null ? "no answer, open: " + open() : "a message instead of an answer");
        }
        return new ControlCodec().decode(frame, 1, frame.length - 1);
    }

    /** Why it was refused; null when the answer was not that. */
    public @Nullable String refusal() throws Exception {
        return answer() instanceof Control.Refused refused ? refused.reason().label() : null;
    }

    public boolean open() {
        return channel.isActive();
    }

    /** Waits for the other side to close. */
    public boolean closes(long millis) throws InterruptedException {
        return channel.closeFuture().await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        channel.close();
    }
}
