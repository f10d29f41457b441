package io.scrimplb.app.acme;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** What load balancers tell each other about certificates. Who says it is known from the connection. */
sealed interface PeerMessage {
    /**
     * Asks for what the sender lacks.
     *
     * @param first whether the sender has heard nothing yet, and wants the ledger too
     * @param key to seal with, as of {@link SealedBox#publicKey()}
     * @param have {@link IssuedCertificate#shortName short names} of what it has or does not want, the account's among them
     * @param addresses at which it is reached
     */
    record Hello(boolean first, String key, Set<String> have, Set<InetAddress> addresses) implements PeerMessage {}

    /** The end of an answer to a hello; when there is more, the next hello gets it. */
    record Rest(boolean more) implements PeerMessage {}

    /** A certificate with its key, sealed for the receiver with the host as context. */
    record Issued(String host, String sealed) implements PeerMessage {}

    /** The account, sealed for the receiver. */
    record AccountIs(String sealed) implements PeerMessage {
        /** What it is sealed with. */
        static final String CONTEXT = "account";
    }

    /** A part of the ledger. */
    record LedgerPart(LedgerJson.Part part) implements PeerMessage {}

    /**
     * All that the sender has challenges for; replaces what it said before.
     *
     * @param revision grows
     */
    record Challenges(long revision, List<Challenge> challenges) implements PeerMessage {
        /** Of one sender; one for each order that runs, and some room. */
        static final int MAX = 64;
    }

    /** The receiver's challenges up to a revision are shown here now. */
    record InForce(long revision) implements PeerMessage {}

    /** Asks to look at a challenge by its public name. */
    record Probe(long id, int port, Challenge.Http challenge) implements PeerMessage {}

    record Probed(long id, Preflight.Reached reached) implements PeerMessage {}
}
