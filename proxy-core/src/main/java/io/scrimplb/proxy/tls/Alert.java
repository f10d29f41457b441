package io.scrimplb.proxy.tls;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/** A fatal alert before there is an engine (RFC 8446, 6): how a client learns why it is not served. */
enum Alert {
    DECODE_ERROR(50),
    UNRECOGNIZED_NAME(112),
    NO_APPLICATION_PROTOCOL(120);

    private static final int ALERT_RECORD = 21;
    private static final int FATAL = 2;

    private final int number;

    Alert(int number) {
        this.number = number;
    }

    /** Sends it as the last thing. */
    void end(Channel channel) {
        byte[] record = {ALERT_RECORD, 3, 3, 0, 2, FATAL, (byte) number};
        channel.writeAndFlush(Unpooled.wrappedBuffer(record)).addListener(ChannelFutureListener.CLOSE);
    }
}
