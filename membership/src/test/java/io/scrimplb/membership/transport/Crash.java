package io.scrimplb.membership.transport;

import java.util.concurrent.TimeUnit;

/** Ends a member's network without a word, as when the process is killed. */
public final class Crash {
    private Crash() {}

    /** Its connections are gone when this returns, and it makes no more. */
    public static void of(MemberNetwork network) throws InterruptedException {
        network.loop().parent().shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).await();
    }
}
