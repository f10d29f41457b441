package io.scrimplb.membership.transport;

import io.scrimplb.membership.trust.Grant;
import io.scrimplb.membership.trust.Proof;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides whom this member lets in, and whom it takes for what it says, when the two ends of a connection introduce
 * themselves. Immutable and thread-safe.
 */
final class Introduction {
    /** Versions of the protocol that this program speaks. */
    static final int LEAST_VERSION = 1;

    static final int GREATEST_VERSION = 1;
    /** By how much clocks may differ when a token ends. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

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
    private final String stream;
    private final UUID own;
    private final Clock clock;

    /**
     * @param cluster name of this cluster
     * @param stream JGroups' version
     * @param own id of this member
     */
    Introduction(String cluster, String stream, UUID own, Clock clock) {
        this.cluster = cluster;
        this.stream = stream;
        this.own = own;
        this.clock = clock;
    }

    /**
     * Of one who connects.
     *
     * @param proof what its handshake proved; null where the cluster has no secret
     */
    Verdict judge(Control.Hello hello, @Nullable Proof proof) {
        if (hello.leastVersion() > GREATEST_VERSION
                || hello.greatestVersion() < LEAST_VERSION
                || !compatible(hello.stream())) {
            return Verdict.no(Refusal.OTHER_VERSION, versions());
        }
        if (!hello.cluster().equals(cluster)) {
            return Verdict.no(Refusal.OTHER_CLUSTER, cluster);
        }
        return judge(hello.self(), proof);
    }

    /** Of one who was connected to; its cluster and version are ours, since it welcomed us. */
    Verdict judge(Control.Welcome welcome, @Nullable Proof proof) {
        if (welcome.version() < LEAST_VERSION || welcome.version() > GREATEST_VERSION) {
            return Verdict.no(Refusal.OTHER_VERSION, versions());
        }
        return judge(welcome.self(), proof);
    }

    /** What this program speaks, for people. */
    String versions() {
        return LEAST_VERSION == GREATEST_VERSION
                ? "version " + LEAST_VERSION + " over JGroups " + stream
                : "versions " + LEAST_VERSION + " to " + GREATEST_VERSION + " over JGroups " + stream;
    }

    private Verdict judge(Control.Self self, @Nullable Proof proof) {
        if (self.id().equals(own)) {
            return Verdict.no(Refusal.ITSELF, "");
        }
        if (!MemberAddress.id(self.id(), self.role()).equals(self.id())) {
            return Verdict.no(Refusal.NOT_GRANTED, "its id is not that of its role");
        }
        if (proof == null) {
            return new Verdict(null, "", Grant.FULL);
        }
        Grant grant = proof.grant();
        if (!MemberAddress.id(proof.memberId(), self.role()).equals(self.id())) {
            return Verdict.no(Refusal.NOT_GRANTED, "its id is not that of its certificate");
        }
        if (grant.role().isPresent() && grant.role().get() != self.role()) {
            return Verdict.no(Refusal.NOT_GRANTED, "its certificate is for another role");
        }
        if (grant.joinsUntil().isPresent()
                && clock.instant().isAfter(grant.joinsUntil().get().plus(CLOCK_TOLERANCE))) {
            return Verdict.no(
                    Refusal.TOKEN_EXPIRED, "since " + grant.joinsUntil().get());
        }
        return new Verdict(null, "", grant);
    }

    /** JGroups' messages can be read across patches, not across its minor versions. */
    private boolean compatible(String other) {
        return majorMinor(other).equals(majorMinor(stream));
    }

    private static String majorMinor(String version) {
        String[] parts = version.split("\\.", -1);
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }
}
