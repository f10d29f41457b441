package io.scrimplb.membership.transport;

import io.netty.handler.ssl.NotSslRecordException;
import io.scrimplb.membership.trust.TrustException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;

/** What a TLS handshake that failed says about the other end. */
final class HandshakeFailures {
    private static final int MAX_CAUSES = 8;

    private HandshakeFailures() {}

    /** For the side that connected. */
    static Reach.Outcome outcome(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof TrustException trust) {
                return trust.reason() == TrustException.Reason.OTHER_SECRET
                        ? Reach.Outcome.OTHER_SECRET
                        : Reach.Outcome.NOT_A_MEMBER;
            }
            if (cause instanceof RejectedExecutionException) {
                // This member is too busy to go on.
                return Reach.Outcome.CONNECTED;
            }
            if (cause instanceof SSLException && refusesCertificate(String.valueOf(cause.getMessage()))) {
                // We believed its certificate, but it did not believe ours: its authority is another one.
                return Reach.Outcome.OTHER_SECRET;
            }
            cause = cause.getCause();
        }
        return Reach.Outcome.NOT_A_MEMBER;
    }

    /** One word or two for a log, since an exception's text holds what the other end sent. */
    static String text(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof TrustException) {
                return ControlCodec.printable(String.valueOf(cause.getMessage()));
            }
            if (cause instanceof NotSslRecordException) {
                return "not TLS";
            }
            if (cause instanceof SSLException && refusesCertificate(String.valueOf(cause.getMessage()))) {
                return "it knows another secret";
            }
            if (cause instanceof ClosedChannelException) {
                return "it hung up";
            }
            cause = cause.getCause();
        }
        return failure.getClass().getSimpleName();
    }

    /** The alerts of RFC 8446, 6.2 that are about a certificate, as the JDK words them. */
    private static boolean refusesCertificate(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("received fatal alert")
                && (text.contains("certificate") || text.contains("unknown_ca") || text.contains("access_denied"));
    }
}
