package io.scrimplb.app.acme;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;

/** What acme4j throws, as a failure with its cause in one line. Stateless. */
final class Refusals {
    /** When an authority that limits does not say for how long. */
    private static final Duration RATE_LIMITED = Duration.ofHours(1);

    private static final String INTERNAL = "serverInternal";
    /** As acme4j tells an answer without a problem document, such as that of a proxy before the authority. */
    private static final Pattern UNAVAILABLE = Pattern.compile("HTTP (429|5[0-9]{2})");

    private static final String NO_ACCOUNT = "accountDoesNotExist";

    private Refusals() {}

    static Failure of(Exception fault, Instant now) {
        if (fault instanceof AcmeLazyLoadingException lazy && lazy.getCause() instanceof AcmeException cause) {
            return of(cause, now);
        }
        if (fault instanceof AcmeRateLimitedException limited) {
            Instant until = limited.getRetryAfter().orElse(now.plus(RATE_LIMITED));
            return new Failure(Failure.Kind.AUTHORITY, text(limited.getProblem()), Optional.of(until)).forAll();
        }
        if (fault instanceof AcmeServerException refused) {
            Failure failure = Failure.authority(text(refused.getProblem()));
            // What an authority says that is overloaded, or has a fault of its own (RFC 8555, 6.7).
            return isOf(refused, INTERNAL) ? failure.forAll() : failure;
        }
        if (fault instanceof AcmeNetworkException || fault instanceof IOException) {
            return Failure.local("the authority cannot be reached: " + innermost(fault))
                    .forAll();
        }
        if (fault instanceof AcmeException
                && UNAVAILABLE.matcher(innermost(fault)).find()) {
            return Failure.local("the authority: " + innermost(fault)).forAll();
        }
        return Failure.local("the authority: " + innermost(fault));
    }

    /** Whether the authority does not know the account, as after it was set up anew. */
    static boolean accountUnknown(Exception fault) {
        return isOf(fault, NO_ACCOUNT);
    }

    /**
     * Whether an order that said what it replaces (RFC 9773, 5), and was refused, is worth another one that does not say so.
     * Authorities refuse by different types of problem: when another order said so already, when the certificate is another
     * account's, when they have forgotten it. Only a limit, or an account that is unknown, would stand in the way again.
     */
    static boolean worthANewOrder(AcmeServerException fault) {
        return !(fault instanceof AcmeRateLimitedException) && !accountUnknown(fault);
    }

    private static boolean isOf(Exception fault, String type) {
        return fault instanceof AcmeServerException refused
                && refused.getProblem().getType().toString().endsWith(":" + type);
    }

    /** A problem document (RFC 7807) with what is said of each name (RFC 8555, 6.7.1). */
    static String text(Problem problem) {
        String type = problem.getType().toString();
        StringBuilder text = new StringBuilder("the authority says ")
                .append(type.substring(type.lastIndexOf(':') + 1))
                .append(problem.getDetail().map(detail -> ": " + detail).orElse(""));
        for (Problem part : problem.getSubProblems()) {
            text.append("; ").append(part.getDetail().orElse(part.getType().toString()));
        }
        return text.toString();
    }

    /** What the first of a chain of causes says. */
    static String innermost(Throwable fault) {
        Throwable last = fault;
        for (int depth = 0; depth < 10 && last.getCause() != null; depth++) {
            last = last.getCause();
        }
        String message = last.getMessage();
        return message == null ? last.getClass().getSimpleName() : message;
    }
}
