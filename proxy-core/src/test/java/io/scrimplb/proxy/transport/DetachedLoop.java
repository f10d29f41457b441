package io.scrimplb.proxy.transport;

import io.netty.channel.DefaultEventLoop;

/** Loops for tests of what lives on a loop without ever using its thread. */
public final class DetachedLoop {
    private DetachedLoop() {}

    /** A loop that is not running. */
    public static Loop make() {
        return new Loop(0, new DefaultEventLoop(), true, new KernelPipes(0));
    }
}
