package io.scrimplb.membership.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one connection says to its other side: control frames, and messages, those that wait for it to open and those
 * that it has not taken yet included. On the loop's thread, except where a method says otherwise.
 */
final class Outbox {
    private final ControlCodec codec;
    private final Outgoing outgoing;
    private final WaitingMessages waiting = new WaitingMessages();
    /** Bytes of messages that wait, or that the other side has not taken yet. */
    private final AtomicInteger untaken = new AtomicInteger();

    /**
     * @param outgoing what all connections share
     */
    Outbox(ControlCodec codec, Outgoing outgoing) {
        this.codec = codec;
        this.outgoing = outgoing;
    }

    /** Sends a control frame now, whether the other side reads or not; a failure is one of the connection. */
    void say(Channel out, Control control) {
        out.writeAndFlush(frame(out, control), out.voidPromise());
    }

    /** Sends a control frame, and closes the connection after it. */
    void sayLast(Channel out, Control control) {
        out.writeAndFlush(frame(out, control)).addListener(ChannelFutureListener.CLOSE);
    }

    private ByteBuf frame(Channel out, Control control) {
        byte[] bytes = codec.encode(control);
        return Frames.of(out.alloc(), Frames.CONTROL, bytes, 0, bytes.length);
    }

    /** Sends a message now. Any thread. False when the other side does not read, so that it is dropped. */
    boolean send(Channel out, byte[] message, int offset, int length) {
        int bytes = Frames.HEADER_BYTES + length;
        if (!out.isWritable() || !outgoing.enter(untaken, bytes)) {
            return false;
        }
        out.writeAndFlush(Frames.of(out.alloc(), Frames.MESSAGE, message, offset, length))
                .addListener(done -> outgoing.leave(untaken, bytes));
        return true;
    }

    /**
     * Keeps a message until it is known who is there. False when too many wait.
     *
     * @param to the only member it may go to; null for whoever is there
     */
    boolean keep(@Nullable UUID to, byte[] message) {
        if (!waiting.hasRoom(message.length) || !outgoing.enter(untaken, message.length)) {
            return false;
        }
        waiting.add(to, message);
        return true;
    }

    /** Sends what waits for a member that is there now, in order, and forgets the rest. */
    void sendKept(Channel out, UUID member) {
        outgoing.leave(untaken, waiting.bytes());
        waiting.drain(member, message -> send(out, message, 0, message.length));
    }

    /** Forgets what waits. */
    void clear() {
        outgoing.leave(untaken, waiting.bytes());
        waiting.clear();
    }
}
