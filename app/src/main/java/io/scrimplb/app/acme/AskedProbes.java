package io.scrimplb.app.acme;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Looks that others were asked for, and who waits for what they see. For the service's thread only. */
final class AskedProbes {
    private final Map<Long, CompletableFuture<Preflight.Reached>> asked = new HashMap<>();
    private long lastId;

    /** The question; whoever no longer waits for the answer cancels it. */
    PeerMessage.Probe ask(int port, Challenge.Http challenge, CompletableFuture<Preflight.Reached> answer) {
        asked.values().removeIf(CompletableFuture::isDone);
        asked.put(++lastId, answer);
        return new PeerMessage.Probe(lastId, port, challenge);
    }

    void answered(PeerMessage.Probed probed) {
        CompletableFuture<Preflight.Reached> answer = asked.remove(probed.id());
        if (answer != null) {
            answer.complete(probed.reached());
        }
    }
}
