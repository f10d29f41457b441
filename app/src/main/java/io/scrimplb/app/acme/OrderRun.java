package io.scrimplb.app.acme;

import io.scrimplb.app.certificates.EcKeys;
import io.scrimplb.app.config.AcmeConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Certificate;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.JSONBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One order, from its beginning or from where another load balancer left it, to the certificate (RFC 8555, 7.4). Blocks for
 * minutes; an interrupt ends it and leaves the order to be taken up again.
 */
final class OrderRun {
    private static final Logger LOG = LoggerFactory.getLogger(OrderRun.class);
    /** Time the authority has to sign. */
    static final Duration SIGNING = Duration.ofMinutes(2);

    private final Surroundings with;
    private final OrderDesk desk;
    private final String host;
    private final NameRecord record;
    private final OrderKeys keys;
    private final Optional<IssuedCertificate> predecessor;

    /**
     * @param record what is known of earlier orders
     * @param keys of orders that were finalized
     * @param predecessor the certificate that is renewed
     */
    OrderRun(
            Surroundings with,
            OrderDesk desk,
            String host,
            NameRecord record,
            OrderKeys keys,
            Optional<IssuedCertificate> predecessor) {
        this.with = with;
        this.desk = desk;
        this.host = host;
        this.record = record;
        this.keys = keys;
        this.predecessor = predecessor;
    }

    IssuedCertificate run() throws OrderFailedException, InterruptedException {
        AcmeSettings settings = with.settings();
        AcmeConfig.Challenge kind = Proof.kind(
                settings.challenge(), host, record.streak(), settings.dnsHook().isPresent());
        Collection<InetAddress> resolved = List.of();
        if (settings.check() && kind != AcmeConfig.Challenge.DNS_01) {
            resolved = with.lookout().resolve(host);
            object(
                    Preflight.objection(host, resolved, desk.addresses()),
                    record.order().isPresent());
        }
        try {
            Account account = account();
            try {
                Login login = with.authority().login(account);
                Order order = order(login);
                for (Authorization authorization : order.getAuthorizations()) {
                    new Proof(settings, desk, host, kind, resolved).prove(authorization);
                }
                return finish(login, order);
            } catch (AcmeServerException e) {
                if (Refusals.accountUnknown(e)) {
                    desk.accountLost(account);
                }
                throw e;
            }
        } catch (AcmeServerException e) {
            // One that may have been signed is looked at again before another one is made.
            throw new OrderFailedException(Refusals.of(e, now()), keys.holds(host));
        } catch (AcmeException | AcmeLazyLoadingException | AcmeProtocolException | IOException e) {
            LOG.debug("an order for {} stopped", host, e);
            throw new OrderFailedException(Refusals.of(e, now()), true);
        }
    }

    /** A failure in this has nothing to do with the name. */
    private Account account() throws AcmeException, IOException, OrderFailedException, InterruptedException {
        try {
            return desk.account();
        } catch (AcmeServerException e) {
            throw new OrderFailedException(
                    Refusals.of(e, now()).forAll(), record.order().isPresent());
        }
    }

    static void object(Optional<String> objection, boolean orderLives) throws OrderFailedException {
        if (objection.isPresent()) {
            throw new OrderFailedException(Failure.local(objection.get()), orderLives);
        }
    }

    /** One that is under way, if it is of use; else a new one. */
    private Order order(Login login) throws AcmeException, IOException, InterruptedException {
        Optional<Order> begun = begun(login);
        if (begun.isPresent()) {
            LOG.info("the order for {} is taken up again", host);
            return begun.get();
        }
        Optional<String> replaces = with.authority().suggestsRenewals()
                ? predecessor.flatMap(old -> Authority.renewalName(old.leaf()))
                : Optional.empty();
        Order order;
        try {
            OrderBuilder builder = login.newOrder().domain(host);
            replaces.ifPresent(builder::replaces);
            order = builder.create();
        } catch (AcmeServerException e) {
            if (replaces.isEmpty() || !Refusals.worthANewOrder(e)) {
                throw e;
            }
            LOG.debug("an order for {} that replaces one is refused: {}", host, e.getMessage());
            order = login.newOrder().domain(host).create();
        }
        desk.ordered(host, order.getLocation().toString());
        return order;
    }

    private Optional<Order> begun(Login login) throws AcmeException {
        if (record.order().isEmpty()) {
            return Optional.empty();
        }
        try {
            Order order = login.bindOrder(URI.create(record.order().get()).toURL());
            order.fetch();
            boolean open = useful(
                    order.getStatus(),
                    keys.of(host, order.getLocation().toString()).isPresent());
            boolean ours = order.getIdentifiers().size() == 1
                    && order.getIdentifiers().get(0).getDomain().equals(host);
            boolean inTime = order.getExpires().map(now()::isBefore).orElse(true);
            return open && ours && inTime ? Optional.of(order) : Optional.empty();
        } catch (AcmeServerException | AcmeProtocolException | MalformedURLException | IllegalArgumentException e) {
            LOG.debug("an order for {} cannot be taken up again: {}", host, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Whether an order can still lead to a certificate here.
     *
     * @param keyHere whether the key that it was asked to be signed with is here
     */
    static boolean useful(Status status, boolean keyHere) {
        return switch (status) {
            case PENDING, READY -> true;
            case PROCESSING, VALID -> keyHere;
            default -> false;
        };
    }

    private Instant now() {
        return with.clock().instant();
    }

    private IssuedCertificate finish(Login login, Order order)
            throws AcmeException, OrderFailedException, InterruptedException {
        order.fetch();
        String url = order.getLocation().toString();
        Optional<KeyPair> kept = keys.of(host, url);
        boolean finalized = kept.isPresent() && useful(order.getStatus(), true) && !useful(order.getStatus(), false);
        if (finalized || order.waitUntilReady(SIGNING) == Status.READY) {
            KeyPair pair = kept.orElseGet(EcKeys::generate);
            if (!finalized) {
                keys.keep(host, url, pair);
                finalizeOrder(login, order, CertificateRequest.of(host, pair));
            }
            if (order.waitForCompletion(SIGNING) == Status.VALID) {
                IssuedCertificate certificate = certificate(order, pair);
                keys.forget(host);
                return certificate;
            }
        }
        // Also when it is valid with a request of somebody else's: its key is not here.
        String why = order.getError().map(Refusals::text).orElse("the order ended as " + order.getStatus());
        throw new OrderFailedException(
                Failure.authority(why),
                useful(order.getStatus(), keys.of(host, url).isPresent()));
    }

    /** What acme4j calls execute; the choice among its methods of that name takes classes of BouncyCastle to compile. */
    private static void finalizeOrder(Login login, Order order, byte[] request) throws AcmeException {
        JSONBuilder claims = new JSONBuilder();
        claims.putBase64("csr", request);
        try (Connection connection = login.getSession().connect()) {
            connection.sendSignedRequest(order.getFinalizeLocation(), claims, login);
        }
        order.fetch();
    }

    private IssuedCertificate certificate(Order order, KeyPair pair) throws AcmeException, OrderFailedException {
        Certificate signed = order.getCertificate();
        signed.download();
        try {
            return IssuedCertificate.checked(host, signed.getCertificateChain(), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new OrderFailedException(
                    Failure.authority("the authority signed something else: " + e.getMessage()), false);
        }
    }
}
