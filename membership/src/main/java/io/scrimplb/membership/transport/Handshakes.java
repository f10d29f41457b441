package io.scrimplb.membership.transport;

import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.membership.trust.Proof;
import io.scrimplb.membership.trust.TrustException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS of a member's connections, whose arithmetic is done on threads of its own: strangers' and that of our own dials apart, so that a flood of the ones does
 * not hold up the others. Thread-safe. */
final class Handshakes implements AutoCloseable {
    /** What the handler of TLS is called in a pipeline. */
    static final String HANDLER = "tls";

    private static final Logger LOG = LoggerFactory.getLogger(Handshakes.class);
    private static final List<String> PROTOCOLS = List.of(ControlCodec.APPLICATION_PROTOCOL);
    /** For those who connect to us, and for us. */
    private static final int SERVER_THREADS = 2;

    private static final int CLIENT_THREADS = 1;
    /** Steps of handshakes that may wait for a thread; beyond, a handshake fails. */
    private static final int MAX_WAITING = 512;

    private static final long IDLE_SECONDS = 10;

    private final @Nullable Credentials credentials;
    private final ThreadPoolExecutor serverThreads = threads(SERVER_THREADS);
    private final ThreadPoolExecutor clientThreads = threads(CLIENT_THREADS);

    /**
     * @param credentials null for a cluster without a secret, in which nothing here may be called but {@link #secured},
     *     {@link #certificateFor} and {@link #close}
     */
    Handshakes(@Nullable Credentials credentials) {
        this.credentials = credentials;
    }

    private static ThreadPoolExecutor threads(int count) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                new DefaultThreadFactory("scrimp-handshake", true));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    boolean secured() {
        return credentials != null;
    }

    SslHandler client() {
        return handler(credentials().clientEngine(PROTOCOLS), clientThreads);
    }

    SslHandler server() {
        return handler(credentials().serverEngine(PROTOCOLS), serverThreads);
    }

    Proof proofOf(SSLSession session) throws TrustException {
        return credentials().proofOf(session);
    }

    /**
     * What one who came with a token proves itself with from now on; null when it needs nothing, or this member cannot
     * make it.
     *
     * @param proof null where there is no secret
     */
    byte @Nullable [] certificateFor(@Nullable Proof proof) {
        Credentials own = credentials;
        return proof != null
                        && own != null
                        && own.canCertify()
                        && proof.grant().joinsUntil().isPresent()
                ? own.certify(proof)
                : null;
    }

    /** Takes over a certificate that another member made for this one. */
    void adopt(byte[] certificate) {
        try {
            credentials().adopt(certificate);
        } catch (TrustException e) {
            LOG.debug("a member certificate is not used: {}", e.getMessage());
        }
    }

    private static SslHandler handler(SSLEngine engine, Executor threads) {
        SslHandler handler = new SslHandler(engine, threads);
        // The whole way to open is bounded, not the handshake alone.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    private Credentials credentials() {
        if (credentials == null) {
            throw new IllegalStateException("a cluster without a secret");
        }
        return credentials;
    }

    @Override
    public void close() {
        serverThreads.shutdownNow();
        clientThreads.shutdownNow();
    }
}
