package io.scrimplb.membership.transport;

import io.scrimplb.membership.trust.Grant;
import io.scrimplb.membership.trust.Proof;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How this member introduces itself to others, and decides whom of them it lets in, and whom it takes for what it says.
 * Immutable and thread-safe.
 */
final class Introduction {
    /** By how much clocks may differ when a token ends. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    /**
     * What was decided.
     *
     * @param refusal why not; null for a yes
     */
    record Verdict(@Nullable Refusal refusal, String detail, Grant grant) {
        static Verdict no(Refusal refusal, String detail) {
            return new Verdict(refusal, detail, Grant.FULL);
        }
    }

    private final String cluster;
    private final Versions versions;
    private final Control.Self self;
    private final Clock clock;

    /**
     * @param cluster name of this cluster
     * @param versions what this program speaks
     * @param self this member
     */
    Introduction(String cluster, Versions versions, Control.Self self, Clock clock) {
        this.cluster = cluster;
        this.versions = versions;
        this.self = self;
        this.clock = clock;
    }

    /** First words to one that this member connected to. */
    Control hello() {
        return new Control.Hello(versions, cluster, self);
    }

    /**
     * The answer to one that is let in.
     *
     * @param theirs what its program speaks
     * @param certificate see {@link Control.Welcome}
     */
    Control welcome(Versions theirs, byte @Nullable [] certificate) {
        return new Control.Welcome(versions.common(theirs), self, certificate);
    }

    /**
     * Of one who connects.
     *
     * @param proof what its handshake proved; null where the cluster has no secret
     */
    Verdict judge(Control.Hello hello, @Nullable Proof proof) {
        if (!versions.agreeWith(hello.versions())) {
            return Verdict.no(Refusal.OTHER_VERSION, versions.toString());
        }
        if (!hello.cluster().equals(cluster)) {
            return Verdict.no(Refusal.OTHER_CLUSTER, cluster);
        }
        return judge(hello.self(), proof);
    }

    /** Of one who was connected to; its cluster and version are ours, since it welcomed us. */
    Verdict judge(Control.Welcome welcome, @Nullable Proof proof) {
        if (welcome.version() < versions.least() || welcome.version() > versions.greatest()) {
            return Verdict.no(Refusal.OTHER_VERSION, "version " + welcome.version());
        }
        return judge(welcome.self(), proof);
    }

    private Verdict judge(Control.Self other, @Nullable Proof proof) {
        if (other.id().equals(self.id())) {
            return Verdict.no(Refusal.ITSELF, "");
        }
        if (!MemberAddress.id(other.id(), other.role()).equals(other.id())) {
            return Verdict.no(Refusal.NOT_GRANTED, "its id is not that of its role");
        }
        if (proof == null) {
            return new Verdict(null, "", Grant.FULL);
        }
        Grant grant = proof.grant();
        if (!MemberAddress.id(proof.memberId(), other.role()).equals(other.id())) {
            return Verdict.no(Refusal.NOT_GRANTED, "its id is not that of its certificate");
        }
        if (grant.role().isPresent() && grant.role().get() != other.role()) {
            return Verdict.no(Refusal.NOT_GRANTED, "its certificate is for another role");
        }
        if (grant.joinsUntil().isPresent()
                && clock.instant().isAfter(grant.joinsUntil().get().plus(CLOCK_TOLERANCE))) {
            return Verdict.no(
                    Refusal.TOKEN_EXPIRED, "since " + grant.joinsUntil().get());
        }
        return new Verdict(null, "", grant);
    }
}
