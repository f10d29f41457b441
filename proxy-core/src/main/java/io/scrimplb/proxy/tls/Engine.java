package io.scrimplb.proxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program that does TLS. */
public enum Engine {
    /** BoringSSL, as netty-tcnative brings it along for Linux on x86-64 and aarch64 with glibc. */
    OPENSSL("OpenSSL (BoringSSL)", SslProvider.OPENSSL_REFCNT),
    /** The JDK's own, which is everywhere. */
    JDK("the JDK", SslProvider.JDK);

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private final String text;
    private final SslProvider provider;

    Engine(String text, SslProvider provider) {
        this.text = text;
        this.provider = provider;
    }

    /**
     * The first of some engines that works here. Loads native code, so only once TLS is needed; one line in the log says which
     * it became, and why it is not the first.
     *
     * @param inOrder the most wanted one first, and the JDK's last
     */
    public static Engine choose(List<Engine> inOrder) {
        Engine first = inOrder.get(0);
        if (first == JDK || OpenSsl.isAvailable()) {
            log.info("TLS is done by {}", first);
            return first;
        }
        log.warn("{} cannot be used: {}; TLS is done by {}", first, reason(OpenSsl.unavailabilityCause()), JDK);
        return JDK;
    }

    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null
                ? innermost.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** Whether OpenSSL is brought along for this kind of machine at all. */
    public static boolean isBuiltForHere() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return system.equals("linux") && List.of("amd64", "x86_64", "aarch64").contains(machine);
    }

    SslProvider provider() {
        return provider;
    }

    @Override
    public String toString() {
        return text;
    }
}
