package io.scrimplb.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/** Makes what an engine needs for each certificate. Control side only. */
final class ServerContexts {
    /**
     * Sessions that the server remembers for clients without tickets, a certificate; about 1 KiB each. All that matter bring
     * tickets.
     */
    private static final int MAX_SESSIONS = 1000;

    /** What the engine sends and has not been asked for yet: alerts and handshakes only, and it grows when needed. */
    private static final int BIO_BYTES = 256;

    private final Engine engine;
    private final TicketKeys tickets;
    private final List<String> protocols;

    /** @param protocols what is spoken inside TLS, the most wanted first */
    ServerContexts(Engine engine, TicketKeys tickets, List<String> protocols) {
        this.engine = engine;
        this.tickets = tickets;
        this.protocols = protocols;
    }

    /** A context for a valid certificate. */
    SslContext forTraffic(CertificateSpec certificate) throws SSLException {
        return context(certificate, protocols);
    }

    /** A context for the certificate that answers a challenge. */
    SslContext forChallenge(CertificateSpec certificate) throws SSLException {
        return context(certificate, List.of(ClientHello.ACME));
    }

    /** Gives a context the keys that are in use now. */
    void renewTicketKeys(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(tickets.keys());
        }
    }

    private SslContext context(CertificateSpec certificate, List<String> spoken) throws SSLException {
        KeyManagerFactory keys = OneKeyManager.factory(certificate);
        if (engine == Engine.OPENSSL) {
            // Else the key is read anew for each handshake.
            keys = new OpenSslCachingX509KeyManagerFactory(keys);
        }
        SslContextBuilder builder = SslContextBuilder.forServer(keys)
                .sslProvider(engine.provider())
                .trustManager(new TrustNobody())
                .protocols(TlsPolicy.VERSIONS)
                .ciphers(TlsPolicy.CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        spoken))
                .sessionCacheSize(MAX_SESSIONS)
                .sessionTimeout(TicketKeys.ROTATION.toSeconds());
        if (engine == Engine.OPENSSL) {
            builder.option(OpenSslContextOption.GROUPS, TlsPolicy.GROUPS);
            // They would come back to this thread, and only cost further calls.
            builder.option(OpenSslContextOption.USE_TASKS, false);
        }
        SslContext context = builder.build();
        if (context instanceof ReferenceCountedOpenSslContext open) {
            open.setBioNonApplicationBufferSize(BIO_BYTES);
        }
        renewTicketKeys(context);
        return context;
    }
}
