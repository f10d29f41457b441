package io.scrimplb.membership.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;

/**
 * Fuzz target: the bytes of a fresh connection, through the pipeline of one that is accepted. The first byte tells
 * whether the cluster has a secret, and after how many bytes the rest comes apart.
 */
public final class ConnectionFuzz {
    private static final long FIXED_BYTES = 1024 * 1024;
    private static final long FACTOR = 300;
    private static final long TLS_MILLIS = 3;
    private static final InetSocketAddress FROM = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4_242);

    private static final MemberNetwork PLAIN = network(null);
    private static final MemberNetwork SECURED = network(Credentials.of(ClusterSecret.generate(), null));

    private ConnectionFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        check(input);
    }

    private static MemberNetwork network(Credentials credentials) {
        try {
            return MemberNetwork.open(
                    new MembershipSpec(
                            "test", Role.LOAD_BALANCER, "lb", InetAddress.getLoopbackAddress(), 0, 0, null, 0),
                    credentials,
                    Versions.OWN);
        } catch (MembershipException e) {
            throw new IllegalStateException(e);
        }
    }

    static void check(byte[] input) {
        if (input.length == 0) {
            return;
        }
        MemberNetwork network = (input[0] & 1) == 0 ? PLAIN : SECURED;
        try {
            network.loop()
                    .submit(() -> Allocation.bounded(FIXED_BYTES, FACTOR, input.length, () -> strike(network, input)))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("on the loop", e.getCause());
        }
    }

    private static void strike(MemberNetwork network, byte[] input) {
        Incoming channel = new Incoming(network);
        int cut = 1 + Math.min(input.length - 1, (input[0] & 0xff) >> 1);
        for (byte[] part : new byte[][] {slice(input, 1, cut), slice(input, cut, input.length)}) {
            if (channel.isActive() && part.length > 0) {
                tlsMayFail(() -> channel.writeInbound(Unpooled.copiedBuffer(part)));
            }
        }
        if (channel.pipeline().get(Handshakes.HANDLER) != null) {
            // Its tasks run on other threads.
            long end = System.nanoTime() + TLS_MILLIS * 1_000_000;
            while (System.nanoTime() < end && channel.isActive()) {
                tlsMayFail(channel::runPendingTasks);
                LockSupport.parkNanos(100_000);
            }
        }
        tlsMayFail(channel::finishAndReleaseAll);
        // What failed the first time ended it halfway.
        tlsMayFail(channel::finishAndReleaseAll);
        tlsMayFail(channel::checkException);
        if (network.peer(new UUID(0, 0)) != null) {
            throw new AssertionError("nobody is a member");
        }
    }

    private static void tlsMayFail(Runnable work) {
        try {
            work.run();
        } catch (DecoderException e) {
            // This kind of channel lets its handlers go before the last word of TLS is told to them.
            if (!(e.getCause() instanceof SSLException)) {
                throw e;
            }
        }
    }

    private static byte[] slice(byte[] input, int from, int to) {
        return java.util.Arrays.copyOfRange(input, from, Math.max(from, to));
    }

    private static final class Incoming extends EmbeddedChannel {
        Incoming(MemberNetwork network) {
            super(false, false);
            network.accepted(this);
            try {
                register();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return FROM;
        }
    }
}
