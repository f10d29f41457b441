package io.scrimplb.app.acme;

import io.scrimplb.membership.wire.WireLimits;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What load balancers tell each other, and what follows from it here. Whoever comes greets all others and says what it has; each
 * answers with what it lacks, some at a time, until nothing is left. What is new is told at once; greetings are repeated, so that
 * what was lost comes later. For the service's thread only.
 */
final class Sharing {
    /** Where a message goes; must not block. */
    interface Outbox {
        void send(String loadBalancer, String text);
    }

    /** Looks at a challenge by its public name, elsewhere; the answer comes on any thread. */
    interface Probes {
        void look(PeerMessage.Probe probe, Consumer<Preflight.Reached> answer);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);
    /** Certificates in one answer: some 150 kB, of the 2 MiB that wait for a member at most. */
    private static final int ANSWER = 16;

    private final AcmeState state;
    private final PeerCodec codec;
    private final SealedBox box = new SealedBox();
    private final Supplier<Set<InetAddress>> ownAddresses;
    private final Outbox outbox;
    private final Probes probes;
    private final Quorum quorum;
    private final AskedProbes asked = new AskedProbes();
    private final Set<String> otherAuthority = new LinkedHashSet<>();

    Sharing(AcmeState state, PeerCodec codec, Supplier<Set<InetAddress>> ownAddresses, Outbox outbox, Probes probes) {
        this.state = state;
        this.quorum = new Quorum(state);
        this.codec = codec;
        this.ownAddresses = ownAddresses;
        this.outbox = outbox;
        this.probes = probes;
    }

    /** Load balancers came or went. */
    void view(List<String> loadBalancers, String self) {
        List<String> gone = state.peers().view(loadBalancers, self, state.now());
        state.challenges().gone(gone);
        otherAuthority.removeAll(gone);
        quorum.settle();
    }

    /** Greets whom it is time to greet, and looks who no longer keeps others waiting. */
    void tick() {
        state.peers().toGreet(state.now()).forEach(this::greet);
        settle();
    }

    /** What the proxy shows changed: tells those who asked for it, and looks whether all show ours. */
    void settle() {
        state.challenges().confirmations().forEach((peer, revision) -> send(peer, new PeerMessage.InForce(revision)));
        quorum.settle();
    }

    /** Who waits until all show a challenge. */
    Quorum quorum() {
        return quorum;
    }

    private void greet(String peer) {
        Set<String> have = state.vault().have();
        state.account().ifPresent(account -> have.add(account.shortName()));
        have.addAll(state.ledger().all().lostAccounts());
        boolean first = !state.peers().hasTold(peer);
        send(peer, new PeerMessage.Hello(first, box.publicKey(), have, ownAddresses.get()));
    }

    /**
     * A message came in.
     *
     * @return whether anything that is shown or planned may differ now
     */
    boolean received(String from, String text) {
        PeerCodec.Read read = codec.read(text);
        if (read.otherAuthority() && otherAuthority.add(from)) {
            LOG.warn(
                    "another load balancer gets its certificates from another authority, so nothing is shared with it");
        }
        return read.message().map(message -> received(from, message)).orElse(false);
    }

    private boolean received(String from, PeerMessage message) {
        if (message instanceof PeerMessage.Hello hello) {
            return answer(from, hello);
        } else if (message instanceof PeerMessage.Rest rest) {
            if (state.peers().answered(from, rest.more())) {
                greet(from);
            }
            return true;
        } else if (message instanceof PeerMessage.Issued issued) {
            return issued(from, issued);
        } else if (message instanceof PeerMessage.AccountIs account) {
            return account(account);
        } else if (message instanceof PeerMessage.LedgerPart ledger) {
            return state.merge(ledger.part());
        } else if (message instanceof PeerMessage.Challenges challenges) {
            state.challenges().of(from, challenges);
            return true;
        } else if (message instanceof PeerMessage.InForce force) {
            state.peers().confirmed(from, force.revision());
            quorum.settle();
        } else if (message instanceof PeerMessage.Probe probe) {
            probes.look(probe, reached -> send(from, new PeerMessage.Probed(probe.id(), reached)));
        } else if (message instanceof PeerMessage.Probed probed) {
            asked.answered(probed);
        }
        return false;
    }

    private boolean answer(String from, PeerMessage.Hello hello) {
        PublicKey key;
        try {
            key = SealedBox.publicKey(hello.key());
        } catch (GeneralSecurityException e) {
            LOG.warn("a load balancer's greeting has no key that can be used: {}", e.getMessage());
            return false;
        }
        state.peers().greeted(from, key, hello.addresses());
        state.account()
                .filter(account -> !hello.have().contains(account.shortName()))
                .ifPresent(account -> send(from, sealed(key, account)));
        int left = ANSWER;
        boolean more = false;
        for (IssuedCertificate certificate : state.vault().all()) {
            if (hello.have().contains(certificate.shortName())) {
                continue;
            }
            if (left == 0) {
                more = true;
                break;
            }
            left--;
            send(from, sealed(key, certificate));
        }
        if (hello.first()) {
            tellLedger(from);
        }
        send(from, state.challenges().own());
        send(from, new PeerMessage.Rest(more));
        return true;
    }

    private void tellLedger(String peer) {
        Map<String, NameRecord> part = new TreeMap<>();
        for (Map.Entry<String, NameRecord> entry : state.ledger().names().entrySet()) {
            part.put(entry.getKey(), entry.getValue());
            if (part.size() == PeerCodec.LEDGER_PART) {
                send(peer, new PeerMessage.LedgerPart(state.part(part)));
                part.clear();
            }
        }
        send(peer, new PeerMessage.LedgerPart(state.part(part)));
    }

    private boolean issued(String from, PeerMessage.Issued issued) {
        String host = issued.host();
        if (!IssuableName.isName(host)) {
            return false;
        }
        try {
            IssuedCertificate certificate = IssuedCertificate.read(host, box.open(host, issued.sealed()));
            boolean better = state.take(certificate);
            if (better) {
                state.peers().brought(from);
                LOG.info(
                        "the certificate of {} came from another load balancer, valid until {}",
                        host,
                        certificate.notAfter());
            }
            return better;
        } catch (GeneralSecurityException e) {
            LOG.warn("a certificate of {} from another load balancer is not used: {}", host, e.getMessage());
            return false;
        }
    }

    private boolean account(PeerMessage.AccountIs message) {
        try {
            return state.takeAccount(Account.read(box.open(PeerMessage.AccountIs.CONTEXT, message.sealed())));
        } catch (GeneralSecurityException e) {
            LOG.warn("an account from another load balancer is not used: {}", e.getMessage());
            return false;
        }
    }

    void tell(IssuedCertificate certificate) {
        state.peers().taking().forEach((peer, key) -> send(peer, sealed(key, certificate)));
    }

    void tell(Account account) {
        state.peers().taking().forEach((peer, key) -> send(peer, sealed(key, account)));
    }

    void tellLedgerOf(String host) {
        tellAll(new PeerMessage.LedgerPart(
                state.part(Map.of(host, state.ledger().name(host)))));
    }

    /** An account is of no use to anybody any more. */
    void tellLost() {
        tellAll(new PeerMessage.LedgerPart(state.part(Map.of())));
    }

    /** Our challenges changed. */
    void tellChallenges() {
        tellAll(state.challenges().own());
    }

    /** Where load balancers of the cluster are reached, this one included, as far as they said. */
    Set<InetAddress> addresses() {
        Set<InetAddress> all = new HashSet<>(ownAddresses.get());
        all.addAll(state.peers().addresses());
        return all;
    }

    /** Asks another load balancer to look at a challenge. */
    void probe(String peer, int port, Challenge.Http challenge, CompletableFuture<Preflight.Reached> answer) {
        send(peer, asked.ask(port, challenge, answer));
    }

    private void tellAll(PeerMessage message) {
        state.peers().taking().keySet().forEach(peer -> send(peer, message));
    }

    private void send(String peer, PeerMessage message) {
        String text = codec.write(message);
        if (text.length() > WireLimits.NOTE_CHARS) {
            // A chain of many large certificates; all others arrive.
            LOG.warn(
                    "a {} of {} characters is too large to be shared",
                    message.getClass().getSimpleName(),
                    text.length());
            return;
        }
        outbox.send(peer, text);
    }

    private static PeerMessage sealed(PublicKey key, IssuedCertificate certificate) {
        return new PeerMessage.Issued(certificate.host(), SealedBox.seal(key, certificate.host(), certificate.pem()));
    }

    private static PeerMessage sealed(PublicKey key, Account account) {
        return new PeerMessage.AccountIs(SealedBox.seal(key, PeerMessage.AccountIs.CONTEXT, account.json()));
    }
}
