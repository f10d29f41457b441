package io.scrimplb.membership.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipException.Reason;
import io.scrimplb.membership.MembershipSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds the cluster's port. */
final class ListenPort {
    private static final Logger LOG = LoggerFactory.getLogger(ListenPort.class);
    /** Connections that wait to be accepted. */
    private static final int BACKLOG = 128;

    private static final int MAX_PORT = 65_535;

    private ListenPort() {}

    /**
     * Binds the first free port of the spec's range. Connections are taken once the channel reads.
     *
     * @param accepted gets each new connection, on the loop
     * @throws MembershipException when the address is none of this machine, or no port is free
     */
    static Channel bind(MembershipSpec spec, EventLoop loop, Consumer<Channel> accepted) throws MembershipException {
        InetAddress at = spec.bindAddress();
        ServerBootstrap server = new ServerBootstrap()
                .group(loop, loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.accept(channel);
                    }
                });
        SocketOptions.giveTo(server::childOption);
        // A range above an ephemeral port makes no sense: the system found a free one or there is none.
        int last = spec.bindPort() == 0 ? 0 : Math.min(MAX_PORT, spec.bindPort() + spec.portRange());
        @Nullable Throwable failure = null;
        for (int port = spec.bindPort(); port <= last; port++) {
            ChannelFuture bound = server.bind(at, port).awaitUninterruptibly();
            if (bound.isSuccess()) {
                if (port != spec.bindPort()) {
                    LOG.info("cluster port {} is taken; using {}", spec.bindPort(), port);
                }
                return bound.channel();
            }
            failure = bound.cause();
        }
        throw refused(spec, last, failure);
    }

    private static MembershipException refused(MembershipSpec spec, int last, @Nullable Throwable failure) {
        String at = spec.bindAddress().getHostAddress();
        if (!assignable(spec.bindAddress())) {
            return new MembershipException(
                    Reason.ADDRESS_REFUSED,
                    "bind-address " + at + " is not an address of this machine: set bind-address to one that is",
                    failure);
        }
        String ports = last == spec.bindPort() ? "port " + last : "ports " + spec.bindPort() + " to " + last;
        return new MembershipException(
                Reason.PORT_TAKEN,
                "cluster " + ports + " on " + at + " cannot be bound: free it or set port to another one",
                failure);
    }

    private static boolean assignable(InetAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
