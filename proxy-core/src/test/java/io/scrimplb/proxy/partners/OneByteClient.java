package io.scrimplb.proxy.partners;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A client that sends every byte in a segment of its own, so that no parser may count on whole lines. */
public final class OneByteClient {
    private final RawClient client;

    public OneByteClient(RawClient client) {
        this.client = client;
    }

    public RawClient send(String text) throws IOException {
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            // TCP_NODELAY is on: each write leaves at once.
            client.send(new byte[] {b});
            Thread.yield();
        }
        return client;
    }
}
