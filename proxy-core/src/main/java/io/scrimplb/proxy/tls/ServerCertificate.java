package io.scrimplb.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.util.Set;

/**
 * A certificate, ready to be shown. Immutable; event loops use it while its table is in the snapshot in force, and the control
 * side releases it once none can any more.
 */
public final class ServerCertificate {
    private final CertificateSpec spec;
    private final Set<String> names;
    private final KeyKind kind;
    private final SslContext context;

    ServerCertificate(CertificateSpec spec, Set<String> names, KeyKind kind, SslContext context) {
        this.spec = spec;
        this.names = names;
        this.kind = kind;
        this.context = context;
    }

    CertificateSpec spec() {
        return spec;
    }

    /** The names it holds, in lower case, wildcards with their star. */
    Set<String> names() {
        return names;
    }

    boolean isCurve() {
        return kind.curve();
    }

    /** Whether this client can verify it and has ciphers for it. */
    boolean suits(ClientHello hello) {
        return kind.suits(hello);
    }

    SslContext context() {
        return context;
    }

    /** A handler that serves one connection; for an event loop, in the turn in which it read the table. */
    SslHandler newHandler(ByteBufAllocator allocator) {
        return context.newHandler(allocator);
    }

    void release() {
        ReferenceCountUtil.release(context);
    }
}
