package io.scrimplb.membership.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: dials others, takes those who dialled us, and puts a connection together of its parts. On the
 * loop's thread.
 */
final class Connector {
    /** Time to connect, ms. */
    private static final int CONNECT_MILLIS = 3_000;

    private final EventLoop loop;
    private final Connections connections;
    private final Introduction introduction;
    private final Handshakes handshakes;
    private final ControlCodec codec = new ControlCodec();
    private final Outgoing outgoing = new Outgoing();
    private final HalfFrames halves = new HalfFrames();

    /**
     * @param loop of every connection
     * @param connections where each is entered, and which each tells what becomes of it
     */
    Connector(EventLoop loop, Connections connections, Introduction introduction, Handshakes handshakes) {
        this.loop = loop;
        this.connections = connections;
        this.introduction = introduction;
        this.handshakes = handshakes;
    }

    /** The connection that is being made to an address, from now on if its time has come; null when it has not. */
    @Nullable
    MemberConnection dialling(InetSocketAddress at) {
        Dial dial = connections.dials().at(at);
        if (dial == null) {
            return null;
        }
        if (dial.connection == null && dial.due()) {
            dial(at, dial);
        }
        return dial.connection;
    }

    private void dial(InetSocketAddress at, Dial dial) {
        Parts parts = new Parts(at);
        dial.began(parts.connection);
        connections.began(parts.connection);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        parts.addTo(channel);
                    }
                });
        SocketOptions.giveTo(bootstrap::option);
        bootstrap.connect(at).addListener(done -> {
            if (!done.isSuccess()) {
                // Elsewhere than on the loop when not even a socket could be had.
                loop.execute(() -> parts.connection.unreachable(done.cause()));
            }
        });
    }

    /** A newcomer, from anywhere. */
    void accepted(Channel channel) {
        Parts parts = new Parts(null);
        parts.addTo(channel);
        connections.arrived(parts.connection, ((InetSocketAddress) channel.remoteAddress()).getAddress());
    }

    /** What a connection is made of. */
    private final class Parts {
        private final MemberConnection connection;
        private final Dialogue dialogue;

        Parts(@Nullable InetSocketAddress target) {
            Outbox outbox = new Outbox(codec, outgoing);
            connection = new MemberConnection(connections, outbox, target);
            dialogue = new Dialogue(connection, outbox, introduction, handshakes, codec);
        }

        void addTo(Channel channel) {
            channel.pipeline().addLast(new FirstBytes(connection, dialogue, handshakes));
            if (connection.dialled() && handshakes.secured()) {
                // Of one that was accepted it comes after the first byte.
                channel.pipeline().addLast(Handshakes.HANDLER, handshakes.client());
            }
            channel.pipeline()
                    .addLast(new FrameDecoder(connection, dialogue, connections, halves))
                    .addLast(dialogue)
                    // Last, since all that the others throw ends it.
                    .addLast(connection);
        }
    }
}
