package io.scrimplb.app.acme;

import io.scrimplb.app.config.AcmeConfig;
import io.scrimplb.app.config.ConfigNames;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Proves to the authority that a host is ours: shows what it asks for at every load balancer, and only then lets it look. */
final class Proof {
    private static final Logger LOG = LoggerFactory.getLogger(Proof.class);
    /** Time the authority has to look; some do so from several places, one after the other. */
    static final Duration LOOKING = Duration.ofMinutes(2);

    private static final String RECORD = "_acme-challenge.";

    private final AcmeSettings settings;
    private final OrderDesk desk;
    private final String host;
    private final AcmeConfig.Challenge kind;
    private final Collection<InetAddress> resolved;

    /** @param resolved addresses of the host; empty when nobody looked */
    Proof(
            AcmeSettings settings,
            OrderDesk desk,
            String host,
            AcmeConfig.Challenge kind,
            Collection<InetAddress> resolved) {
        this.settings = settings;
        this.desk = desk;
        this.host = host;
        this.kind = kind;
        this.resolved = resolved;
    }

    /**
     * How to prove a host.
     *
     * @param streak failures since the last success
     * @param hook whether there is a hook
     */
    static AcmeConfig.Challenge kind(AcmeConfig.Challenge choice, String host, int streak, boolean hook) {
        if (host.startsWith("*.")) {
            return AcmeConfig.Challenge.DNS_01;
        }
        if (choice == AcmeConfig.Challenge.AUTO) {
            return streak % 2 == 0 ? AcmeConfig.Challenge.HTTP_01 : AcmeConfig.Challenge.TLS_ALPN_01;
        }
        return choice == AcmeConfig.Challenge.DNS_01 && !hook ? AcmeConfig.Challenge.HTTP_01 : choice;
    }

    void prove(Authorization authorization)
            throws AcmeException, IOException, OrderFailedException, InterruptedException {
        authorization.fetch();
        if (authorization.getStatus() == Status.VALID) {
            // It remembers an earlier proof.
            return;
        }
        if (authorization.getStatus() != Status.PENDING) {
            throw new OrderFailedException(
                    Failure.authority("the authorization is " + authorization.getStatus()), false);
        }
        switch (kind) {
            case DNS_01 -> byDns(authorization);
            case TLS_ALPN_01 -> byAlpn(authorization);
            case HTTP_01, AUTO -> byHttp(authorization);
        }
    }

    private void byHttp(Authorization authorization) throws AcmeException, OrderFailedException, InterruptedException {
        Http01Challenge challenge = offered(authorization, Http01Challenge.class);
        Challenge.Http shown = new Challenge.Http(host, challenge.getToken(), challenge.getAuthorization());
        try {
            desk.present(shown);
            if (settings.check()) {
                Preflight.Reached reached = desk.reached(shown);
                OrderRun.object(Preflight.objection(host, reached, resolved, desk.addresses()), true);
                if (reached.outcome() == Preflight.Outcome.NOBODY) {
                    LOG.warn(
                            "http://{} cannot be reached from here ({}); the authority is asked all the same, since that may"
                                    + " be for translated addresses (NAT)",
                            host,
                            reached.detail());
                }
            }
            look(authorization, challenge);
        } finally {
            desk.withdraw(shown);
        }
    }

    private void byAlpn(Authorization authorization) throws AcmeException, OrderFailedException, InterruptedException {
        TlsAlpn01Challenge challenge = offered(authorization, TlsAlpn01Challenge.class);
        Challenge.Alpn shown = Challenge.Alpn.of(host, challenge.getAcmeValidation());
        try {
            desk.present(shown);
            look(authorization, challenge);
        } finally {
            desk.withdraw(shown);
        }
    }

    private void byDns(Authorization authorization)
            throws AcmeException, IOException, OrderFailedException, InterruptedException {
        Dns01Challenge challenge = offered(authorization, Dns01Challenge.class);
        String record = record(host);
        DnsHook hook = new DnsHook(settings.dnsHook().orElseThrow());
        try {
            hook.present(record, challenge.getDigest());
            look(authorization, challenge);
        } catch (IOException e) {
            throw new OrderFailedException(Failure.local(String.valueOf(e.getMessage())), true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw e;
        } finally {
            // Who was stopped leaves the order to another load balancer, which shows the same record, and takes it out.
            if (!Thread.currentThread().isInterrupted()) {
                hook.cleanup(record, challenge.getDigest());
            }
        }
    }

    /** The name of the record that proves a host (RFC 8555, 8.4). */
    static String record(String host) {
        return RECORD + (host.startsWith("*.") ? host.substring(2) : host);
    }

    private <T extends org.shredzone.acme4j.challenge.Challenge> T offered(Authorization authorization, Class<T> type)
            throws OrderFailedException {
        return authorization
                .findChallenge(type)
                .orElseThrow(() -> new OrderFailedException(
                        Failure.authority("the authority does not offer " + ConfigNames.of(kind) + " for " + host),
                        false));
    }

    private static void look(Authorization authorization, org.shredzone.acme4j.challenge.Challenge challenge)
            throws AcmeException, OrderFailedException, InterruptedException {
        if (challenge.getStatus() == Status.PENDING) {
            challenge.trigger();
        }
        Status status = authorization.waitForCompletion(LOOKING);
        if (status != Status.VALID) {
            challenge.fetch();
            throw new OrderFailedException(
                    Failure.authority(
                            challenge.getError().map(Refusals::text).orElse("the authorization is " + status)),
                    false);
        }
    }
}
