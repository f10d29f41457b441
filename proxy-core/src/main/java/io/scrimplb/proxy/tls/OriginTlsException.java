package io.scrimplb.proxy.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is a connection to an endpoint, but no TLS on it. The message says what a user can mend; without a trace. */
public final class OriginTlsException extends IOException {
    private static final long serialVersionUID = 1;

    OriginTlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** There is no TLS for an upstream, of which its spec's problem tells. */
    public static OriginTlsException unset() {
        return new OriginTlsException("its TLS cannot be set up, as the status says", null);
    }

    /** What the certificates' judge said, or else the engine. */
    static OriginTlsException of(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && !(at instanceof java.security.cert.CertificateException)) {
            at = at.getCause();
        }
        // The engine's word for this holds the endpoint's bytes.
        String message =
                at instanceof NotSslRecordException ? "it does not speak TLS" : String.valueOf(at.getMessage());
        return new OriginTlsException(message, failure);
    }
}
