package io.scrimplb.app.config;

import io.scrimplb.membership.ApplicationProtocol;
import java.util.List;
import java.util.Optional;

/** Whether what a load balancer's configuration says of TLS towards clients fits together. */
final class TlsChecks {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final Problems problems;

    TlsChecks(Problems problems) {
        this.problems = problems;
    }

    /** @param values of {@code load-balancer-config} */
    void check(Values values) {
        pair(values, LoadBalancerSchema.TLS_CHAIN, LoadBalancerSchema.TLS_KEY);
        pair(values, LoadBalancerSchema.TLS_KEY, LoadBalancerSchema.TLS_CHAIN);
        checkRedirectPort(values);
        checkRedirectTarget(values);
        values.find(LoadBalancerSchema.ACME).ifPresent(acme -> {
            checkAcme(acme);
            checkHttpChallenge(values, acme);
        });
    }

    private void checkRedirectPort(Values values) {
        values.find(LoadBalancerSchema.HTTPS_REDIRECT_PORT).ifPresent(redirect -> {
            boolean plain = values.find(LoadBalancerSchema.PLAIN_PORTS)
                    .filter(ports -> ports.contains(redirect.port()))
                    .isPresent();
            if (plain || redirect.port() == HTTPS_PORT) {
                problems.add(
                        values.origin(LoadBalancerSchema.HTTPS_REDIRECT_PORT),
                        values.path(LoadBalancerSchema.HTTPS_REDIRECT_PORT),
                        redirect.port()
                                + (plain
                                        ? " stands in plain-ports too; keep one of the two"
                                        : " is the port of https"));
            }
        });
    }

    /** A redirect to https that ends at clear text loses every client. */
    private void checkRedirectTarget(Values values) {
        if (LoadBalancerSchema.hasCertificates(values) && plain(values, HTTPS_PORT) && !redirectIsOff(values)) {
            problems.add(
                    values.origin(LoadBalancerSchema.PLAIN_PORTS),
                    values.path(LoadBalancerSchema.PLAIN_PORTS),
                    HTTPS_PORT
                            + " is where the redirect to https leads, so it must not be clear text: take it out, or set"
                            + " https-redirect-port to off");
        }
    }

    private void checkAcme(Values acme) {
        if (acme.find(AcmeSchema.TERMS).filter(agreed -> !agreed).isPresent()) {
            problems.add(
                    acme.origin(AcmeSchema.TERMS),
                    acme.path(AcmeSchema.TERMS),
                    "is not true; an authority signs only for who agrees to its terms, so read them and set it, or take"
                            + " acme out");
        }
        acme.find(AcmeSchema.EMAIL)
                .filter(email -> !email.matches("[^\\s@,?]+@[^\\s@,?]+"))
                .ifPresent(email -> problems.add(
                        acme.origin(AcmeSchema.EMAIL),
                        acme.path(AcmeSchema.EMAIL),
                        Excerpt.quote(email) + " is no e-mail address"));
        if (acme.find(AcmeSchema.CHALLENGE)
                        .filter(AcmeConfig.Challenge.DNS_01::equals)
                        .isPresent()
                && !acme.has(AcmeSchema.DNS_HOOK)) {
            problems.add(
                    acme.origin(AcmeSchema.CHALLENGE),
                    acme.path(AcmeSchema.DNS_HOOK),
                    "is missing; dns-01 needs a program that puts records into DNS");
        }
    }

    /**
     * With http-01 alone nothing can be ordered unless something in clear text answers the authority. Which port that is
     * cannot be told from here, as what stands in front may lead port 80 to any.
     */
    private void checkHttpChallenge(Values values, Values acme) {
        if (acme.find(AcmeSchema.CHALLENGE)
                .filter(AcmeConfig.Challenge.HTTP_01::equals)
                .isEmpty()) {
            return;
        }
        boolean redirects = values.find(LoadBalancerSchema.HTTPS_REDIRECT_PORT)
                .map(redirect -> redirect.way() == TlsConfig.Redirect.Way.PORT)
                .orElse(!plain(values, HTTP_PORT));
        if (!redirects && !servesPlainly(values)) {
            problems.add(
                    acme.origin(AcmeSchema.CHALLENGE),
                    acme.path(AcmeSchema.CHALLENGE),
                    "is http-01, and nothing is sure to answer the authority in clear text at port " + HTTP_PORT
                            + ": leave https-redirect-port and plain-ports alone there, or set challenge to auto or"
                            + " tls-alpn-01");
        }
    }

    /** Whether an application that is always there has an HTTP listener in clear text. */
    private static boolean servesPlainly(Values values) {
        return values.find(LoadBalancerSchema.STATIC_BACKENDS).orElse(List.of()).stream()
                .filter(backend -> {
                    Optional<ApplicationProtocol> protocol = backend.find(ApplicationSchema.PROTOCOL);
                    return protocol.filter(it -> it == ApplicationProtocol.TCP || it == ApplicationProtocol.TLS)
                            .isEmpty();
                })
                .anyMatch(backend -> backend.find(ApplicationSchema.LISTEN_PORT)
                        .filter(port -> plain(values, port))
                        .isPresent());
    }

    private static boolean plain(Values values, int port) {
        return values.find(LoadBalancerSchema.PLAIN_PORTS)
                .filter(ports -> ports.contains(port))
                .isPresent();
    }

    private static boolean redirectIsOff(Values values) {
        return values.find(LoadBalancerSchema.HTTPS_REDIRECT_PORT)
                .filter(redirect -> redirect.way() == TlsConfig.Redirect.Way.OFF)
                .isPresent();
    }

    private void pair(Values values, Key<?> one, Key<?> other) {
        if (values.has(one) && !values.has(other)) {
            problems.add(
                    values.origin(one),
                    values.path(one),
                    "is there without " + other.name() + "; a certificate needs both");
        }
    }
}
