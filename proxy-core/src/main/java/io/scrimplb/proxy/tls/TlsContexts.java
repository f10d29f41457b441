package io.scrimplb.proxy.tls;

import io.scrimplb.proxy.spec.OriginTlsSpec;
import io.scrimplb.proxy.transport.EventLoops;
import io.scrimplb.proxy.transport.Loop;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the contexts of a proxy's TLS, towards clients and towards endpoints, and holds what they share: the engine and the keys
 * of tickets; made when first needed, so that a proxy without TLS pays nothing for it. Control side only, one call at a time.
 */
public final class TlsContexts {
    private final List<Engine> wanted;
    private final List<String> protocols;
    private final TicketKeys tickets = new TicketKeys();
    private @Nullable Engine engine;
    private @Nullable ServerContexts forClients;

    /**
     * @param wanted engines, the most wanted one first and the JDK's last
     * @param protocols what is spoken inside TLS (ALPN), the most wanted first
     */
    public TlsContexts(List<Engine> wanted, List<String> protocols) {
        this.wanted = wanted;
        this.protocols = protocols;
    }

    /** The engine, chosen at the first call. */
    private Engine engine() {
        Engine chosen = engine;
        if (chosen == null) {
            chosen = Engine.choose(wanted);
            engine = chosen;
        }
        return chosen;
    }

    /**
     * What the endpoints of an upstream need.
     *
     * @param shared by what they trust; what is made is added
     */
    public OriginTls origin(OriginTlsSpec spec, Map<OriginTlsSpec, OriginContexts> shared)
            throws SSLException, GeneralSecurityException {
        OriginTlsSpec trust = OriginContexts.trust(spec);
        OriginContexts contexts = shared.get(trust);
        if (contexts == null) {
            contexts = OriginContexts.of(trust, engine());
            shared.put(trust, contexts);
        }
        return OriginTls.of(contexts, spec.serverName());
    }

    /** What certificates need. */
    ServerContexts forClients() {
        ServerContexts made = forClients;
        if (made == null) {
            made = new ServerContexts(engine(), tickets, protocols);
            forClients = made;
        }
        return made;
    }

    /** How often {@link #rotateTicketKeys} is to be called, in milliseconds. */
    public static long rotationMillis() {
        return TicketKeys.ROTATION.toMillis();
    }

    /** Replaces the key that encrypts tickets, for all certificates in force. */
    public void rotateTicketKeys(CompiledTls inForce) {
        tickets.rotate();
        for (ServerCertificate certificate : inForce.all()) {
            forClients().renewTicketKeys(certificate.context());
        }
    }

    /**
     * Releases certificates that are in no snapshot any more. A loop reads the snapshot and uses what it found within one turn:
     * once each has begun another turn none can hold them.
     */
    public static void retire(List<ServerCertificate> vanished, EventLoops loops) {
        if (vanished.isEmpty()) {
            return;
        }
        AtomicInteger left = new AtomicInteger(loops.loops().size());
        for (Loop loop : loops.loops()) {
            loop.executor().execute(() -> {
                if (left.decrementAndGet() == 0) {
                    vanished.forEach(ServerCertificate::release);
                }
            });
        }
    }
}
