package io.scrimplb.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.scrimplb.proxy.spec.OriginTlsSpec;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * What all upstreams share that trust the same authorities, which are read once for all of them. Immutable; any thread. The
 * collector gives the native part back.
 *
 * @param trust who is believed; names no server
 * @param any offers HTTP/2 and 1.1
 * @param http1 offers HTTP/1.1 alone
 */
public record OriginContexts(OriginTlsSpec trust, SslContext any, SslContext http1) {
    /** Sessions to resume, over all endpoints of the upstreams and all loops: a few each; about 2 KiB, so 10 MiB at most. */
    private static final int MAX_SESSIONS = 5000;

    /** The part of a spec that contexts hang on. */
    static OriginTlsSpec trust(OriginTlsSpec spec) {
        return new OriginTlsSpec(spec.authorities(), Optional.empty(), spec.insecure());
    }

    static OriginContexts of(OriginTlsSpec trust, Engine engine) throws SSLException, GeneralSecurityException {
        TrustManager judge = trust.insecure() ? new OriginTrust.Anybody() : OriginTrust.of(trust.authorities());
        return new OriginContexts(
                trust,
                context(trust, judge, engine, ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1),
                context(trust, judge, engine, ApplicationProtocolNames.HTTP_1_1));
    }

    private static SslContext context(OriginTlsSpec trust, TrustManager judge, Engine engine, String... protocols)
            throws SSLException {
        boolean open = engine == Engine.OPENSSL;
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(open ? SslProvider.OPENSSL : SslProvider.JDK)
                .trustManager(judge)
                .endpointIdentificationAlgorithm(trust.insecure() ? null : "HTTPS")
                .protocols(TlsPolicy.VERSIONS)
                .ciphers(TlsPolicy.CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols))
                .sessionCacheSize(MAX_SESSIONS);
        if (open) {
            builder.option(OpenSslContextOption.GROUPS, TlsPolicy.GROUPS);
            builder.option(OpenSslContextOption.USE_TASKS, false);
        }
        return builder.build();
    }
}
