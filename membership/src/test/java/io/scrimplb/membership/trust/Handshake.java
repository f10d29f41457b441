package io.scrimplb.membership.trust;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** A handshake of two engines in memory, to its end or to the failure of both. */
public final class Handshake {
    static final List<String> PROTOCOLS = List.of("scrimp/1");
    private static final int MOST_STEPS = 1000;

    private final End client;
    private final End server;

    private Handshake(SSLEngine client, SSLEngine server) {
        this.client = new End(client);
        this.server = new End(server);
    }

    /** The one as client, the other as server. */
    public static Handshake between(Credentials client, Credentials server) {
        return between(client.clientEngine(PROTOCOLS), server.serverEngine(PROTOCOLS));
    }

    static Handshake between(SSLEngine client, SSLEngine server) {
        Handshake handshake = new Handshake(client, server);
        handshake.run();
        return handshake;
    }

    boolean succeeded() {
        return client.done() && server.done();
    }

    SSLEngine client() {
        return client.engine;
    }

    public SSLEngine server() {
        return server.engine;
    }

    Optional<SSLException> clientFailure() {
        return Optional.ofNullable(client.failure);
    }

    Optional<SSLException> serverFailure() {
        return Optional.ofNullable(server.failure);
    }

    /** Bytes of a message, as the other side reads them. */
    byte[] send(byte[] message, boolean fromClient) throws SSLException {
        End from = fromClient ? client : server;
        End to = fromClient ? server : client;
        ByteBuffer wire = ByteBuffer.allocate(40_000);
        from.engine.wrap(ByteBuffer.wrap(message), wire);
        wire.flip();
        ByteBuffer plain = ByteBuffer.allocate(40_000);
        while (wire.hasRemaining() && plain.position() == 0) {
            to.engine.unwrap(wire, plain);
        }
        plain.flip();
        byte[] read = new byte[plain.remaining()];
        plain.get(read);
        return read;
    }

    private void run() {
        for (int step = 0; step < MOST_STEPS; step++) {
            boolean moved = client.step(server.out);
            moved |= server.step(client.out);
            if (!moved) {
                return;
            }
        }
        throw new AssertionError("the handshake does not come to an end");
    }

    private static final class End {
        private final SSLEngine engine;
        private final ByteBuffer out = ByteBuffer.allocate(200_000);
        private final ByteBuffer plain = ByteBuffer.allocate(40_000);
        private SSLException failure;
        private boolean finished;

        End(SSLEngine engine) {
            this.engine = engine;
        }

        boolean done() {
            return finished && failure == null;
        }

        /** @return whether anything happened */
        boolean step(ByteBuffer from) {
            boolean moved = false;
            try {
                if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING && !finished && failure == null) {
                    engine.beginHandshake();
                }
                moved |= write();
                moved |= read(from);
            } catch (SSLException e) {
                moved = failure == null;
                if (moved) {
                    failure = e;
                }
            }
            return moved;
        }

        private boolean write() throws SSLException {
            boolean moved = false;
            while (true) {
                tasks();
                if (engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                    return moved;
                }
                SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), out);
                note(result);
                if (result.bytesProduced() == 0) {
                    return moved;
                }
                moved = true;
            }
        }

        private boolean read(ByteBuffer from) throws SSLException {
            boolean moved = false;
            from.flip();
            try {
                while (from.hasRemaining() && !engine.isInboundDone()) {
                    SSLEngineResult result = engine.unwrap(from, plain);
                    note(result);
                    tasks();
                    if (result.bytesConsumed() == 0) {
                        break;
                    }
                    moved = true;
                }
            } finally {
                from.compact();
            }
            return moved;
        }

        private void tasks() {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }

        private void note(SSLEngineResult result) {
            finished |= result.getHandshakeStatus() == HandshakeStatus.FINISHED;
        }
    }
}
