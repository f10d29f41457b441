package io.scrimplb.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.scrimplb.proxy.transport.ByteRelay;
import io.scrimplb.proxy.transport.Loop;
import io.scrimplb.proxy.upstream.Attempt;

/** What becomes of an exchange after 101: HTTP's handlers leave both connections, and a relay joins them. */
public final class Tunnel implements ByteRelay.Events {
    private final ClientStream client;
    private final Attempt attempt;
    private final ExchangeRecord account;

    /** The attempt and the record become the tunnel's. */
    Tunnel(ClientStream client, Attempt attempt, ExchangeRecord account) {
        this.client = client;
        this.attempt = attempt;
        this.account = account;
    }

    /**
     * Takes two connections over, whose own handlers have left.
     *
     * @param early what came from the client already; becomes the tunnel's
     * @param behindHead what the endpoint sent behind its 101; stays the caller's
     */
    public void open(Loop loop, Channel from, ByteBuf early, Channel to, ByteBuf behindHead, long idleNanos) {
        // The relay counts what it is given, and these were counted when they came.
        client.countIn(-early.readableBytes());
        new ByteRelay(loop, from, to, idleNanos, this)
                .start(early, behindHead.readRetainedSlice(behindHead.readableBytes()));
    }

    @Override
    public void received(int bytes) {
        client.countIn(bytes);
    }

    @Override
    public void sent(int bytes) {
        client.countOut(bytes);
    }

    @Override
    public void ended(ByteRelay.Ending ending) {
        account.end(ending.cause(), attempt.retries());
        attempt.reset();
    }
}
