package io.scrimplb.proxy.h2;

import io.netty.channel.ChannelHandlerContext;

/** What a stream uses of its connection, a client's or an endpoint's. */
interface StreamConnection {
    H2Loop h2();

    Codec codec();

    ChannelHandlerContext context();

    /** Bytes of bodies began to wait, or no longer do. */
    void hold(int bytes);

    /** Whether so much waits here and elsewhere that nothing more may. */
    boolean full();

    /** A stream waits until it may write again. */
    void blocked();
}
