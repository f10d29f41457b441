package io.scrimplb.membership.trust;

import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * A handshake of two ends in memory, so that what the JDK loads and sets up for its first one, some 300 ms, is there
 * before it is needed. Its result is thrown away.
 */
final class Rehearsal {
    private static final List<String> PROTOCOLS = List.of("rehearsal");
    /** A handshake takes some ten steps. */
    private static final int MAX_STEPS = 100;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer;
    private final ByteBuffer toClient;
    private final ByteBuffer received;

    private Rehearsal(Credentials credentials) {
        client = credentials.clientEngine(PROTOCOLS);
        server = credentials.serverEngine(PROTOCOLS);
        int record = client.getSession().getPacketBufferSize();
        toServer = ByteBuffer.allocate(record);
        toClient = ByteBuffer.allocate(record);
        received = ByteBuffer.allocate(client.getSession().getApplicationBufferSize());
    }

    static void of(Credentials credentials) throws SSLException {
        Rehearsal rehearsal = new Rehearsal(credentials);
        rehearsal.client.beginHandshake();
        rehearsal.server.beginHandshake();
        for (int step = 0; step < MAX_STEPS && rehearsal.shaking(); step++) {
            rehearsal.step(rehearsal.client, rehearsal.toClient, rehearsal.toServer);
            rehearsal.step(rehearsal.server, rehearsal.toServer, rehearsal.toClient);
        }
    }

    private boolean shaking() {
        return client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
                || server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                in.flip();
                engine.unwrap(in, received);
                in.compact();
            }
            default -> {
                Runnable task = engine.getDelegatedTask();
                if (task != null) {
                    task.run();
                }
            }
        }
    }
}
