package io.scrimplb.membership.transport;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;

/**
 * What came of the last attempt to reach an address.
 *
 * @param outcome what it was
 * @param detail what the outcome is about, such as the name of the cluster that answers; empty for nothing
 */
public record Reach(Outcome outcome, String detail) {
    /** In the order of how much they say, for a name that stands for several addresses. */
    public enum Outcome {
        /** Not tried, or still being tried. */
        UNKNOWN,
        /** The connection was taken, and nothing said yet. */
        CONNECTED,
        /** The other end of the network refused. */
        CONNECTION_REFUSED,
        /** Nobody answered in time, or there is no way to there. */
        NO_ANSWER,
        /** It is this process. */
        ITSELF,
        /** Something answers that does not speak the cluster's protocol. */
        NOT_A_MEMBER,
        /** A member of a cluster of another name; the detail is the name. */
        OTHER_CLUSTER,
        /** A member whose program speaks other versions; the detail tells both. */
        OTHER_VERSION,
        /** A member of a cluster with a secret; this one has none. */
        SECRET_WANTED,
        /** A member of a cluster without a secret; this one has one. */
        NO_SECRET,
        /** A member with another secret. */
        OTHER_SECRET,
        /** The time in which this member's token lets in is over. */
        TOKEN_EXPIRED,
        /** This member's certificate does not let it be what it is. */
        NOT_GRANTED,
        /** A member of this cluster. */
        MEMBER;

        /** Whether members of a cluster that this one cannot join answered, so that founding another would split it. */
        public boolean forbidsFounding() {
            return switch (this) {
                case OTHER_VERSION, SECRET_WANTED, NO_SECRET, OTHER_SECRET, TOKEN_EXPIRED, NOT_GRANTED -> true;
                default -> false;
            };
        }
    }

    static final Reach UNKNOWN = new Reach(Outcome.UNKNOWN, "");

    static Reach of(Outcome outcome) {
        return new Reach(outcome, "");
    }

    /** When not even a connection came of it. */
    static Reach unconnected(Throwable cause) {
        boolean refused = cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
        return of(refused ? Outcome.CONNECTION_REFUSED : Outcome.NO_ANSWER);
    }

    static Reach refused(Refusal reason, String detail) {
        return new Reach(
                switch (reason) {
                    case SECRET_WANTED -> Outcome.SECRET_WANTED;
                    case NO_SECRET -> Outcome.NO_SECRET;
                    case OTHER_CLUSTER -> Outcome.OTHER_CLUSTER;
                    case OTHER_VERSION -> Outcome.OTHER_VERSION;
                    case TOKEN_EXPIRED -> Outcome.TOKEN_EXPIRED;
                    case NOT_GRANTED -> Outcome.NOT_GRANTED;
                    case ITSELF -> Outcome.ITSELF;
                },
                detail);
    }
}
