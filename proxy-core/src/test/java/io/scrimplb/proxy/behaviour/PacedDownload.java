package io.scrimplb.proxy.behaviour;

import io.scrimplb.proxy.partners.BodyBytes;
import io.scrimplb.proxy.partners.MessageBody;
import io.scrimplb.proxy.partners.MessageHead;
import io.scrimplb.proxy.partners.RawClient;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Downloads a body in step with the test: each permission lets it read on by a fixed amount. */
final class PacedDownload implements AutoCloseable {
    private static final int WAIT_SECONDS = 60;

    private final RawClient client;
    private final long step;
    private final Semaphore permitted = new Semaphore(0);
    private final CompletableFuture<String> digest = new CompletableFuture<>();
    private long allowance;

    private PacedDownload(RawClient client, long step) {
        this.client = client;
        this.step = step;
    }

    /** Asks for the body and begins to wait; its head must come at once. */
    static PacedDownload start(RawClient client, String host, long step) throws IOException {
        PacedDownload download = new PacedDownload(client, step);
        client.head("GET / HTTP/1.1", "Host: " + host);
        MessageHead head = client.responseHead();
        if (head.status() != 200) {
            throw new IOException("the download was refused: " + head.startLine());
        }
        Thread reader = new Thread(() -> download.read(client.body("GET", head)), "paced download");
        reader.setDaemon(true);
        reader.start();
        return download;
    }

    /** Lets it read one step more. */
    void allowMore() {
        permitted.release();
    }

    /** The SHA-256 of the whole body, once every step has been allowed. */
    String digest() throws Exception {
        permitted.release(1_000_000);
        return digest.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private void read(MessageBody body) {
        try {
            digest.complete(BodyBytes.digest(body, this::pace));
        } catch (IOException | RuntimeException e) {
            digest.completeExceptionally(e);
        }
    }

    private void pace(long total) {
        try {
            while (total > allowance) {
                if (!permitted.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the test stopped pacing its download");
                }
                allowance += step;
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        permitted.release(1_000_000);
        client.close();
    }
}
