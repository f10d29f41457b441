package io.scrimplb.proxy.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;

/** There is a connection to an endpoint, but no TLS on it. The message says what a user can mend; without a trace. */
public final class OriginTlsException extends IOException {
    private static final long serialVersionUID = 1;

    OriginTlsException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
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
