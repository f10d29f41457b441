package io.scrimplb.membership.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Messages that wait for a connection to open. Bounded: JGroups repeats what is dropped. On the loop's thread. */
final class WaitingMessages {
    private static final int MAX_MESSAGES = 256;
    private static final int MAX_BYTES = 2 * 1024 * 1024;

    /** A message that waits; {@code to} is the only member it may go to, null for whoever is there. */
    private record Waiting(@Nullable UUID to, byte[] message) {}

    private final Queue<Waiting> queue = new ArrayDeque<>();
    private int bytes;

    boolean hasRoom(int length) {
        return queue.size() < MAX_MESSAGES && bytes + length <= MAX_BYTES;
    }

    void add(@Nullable UUID to, byte[] message) {
        queue.add(new Waiting(to, message));
        bytes += message.length;
    }

    /** Bytes of all that wait. */
    int bytes() {
        return bytes;
    }

    /** Hands out what is for a member, in order, and forgets the rest. */
    void drain(UUID member, Consumer<byte[]> messages) {
        bytes = 0;
        for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
            if (next.to() == null || next.to().equals(member)) {
                messages.accept(next.message());
            }
        }
    }

    void clear() {
        queue.clear();
        bytes = 0;
    }
}
