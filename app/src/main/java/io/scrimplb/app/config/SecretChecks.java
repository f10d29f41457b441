package io.scrimplb.app.config;

import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.membership.trust.JoinToken;
import io.scrimplb.membership.trust.SecretException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether what lets a member into the cluster is good enough, and fits its role. No message shows any of it. */
final class SecretChecks {
    private final Problems problems;

    SecretChecks(Problems problems) {
        this.problems = problems;
    }

    /** @param role what the process is about to be; empty when nobody said */
    void check(Values root, Optional<Role> role) {
        checkStrength(root, Schema.CLUSTER_SECRET);
        checkStrength(root, Schema.PREVIOUS_CLUSTER_SECRET);
        if (root.has(Schema.PREVIOUS_CLUSTER_SECRET) && !root.has(Schema.CLUSTER_SECRET)) {
            add(
                    root,
                    Schema.PREVIOUS_CLUSTER_SECRET,
                    "is there without cluster-secret; it only helps while a new one takes its place, so call it"
                            + " cluster-secret");
        }
        if (!root.has(Schema.JOIN_TOKEN) || role.isEmpty()) {
            return;
        }
        if (role.get() == Role.LOAD_BALANCER) {
            add(
                    root,
                    Schema.JOIN_TOKEN,
                    "is for backends; a load balancer needs the cluster secret itself, so "
                            + (root.has(Schema.CLUSTER_SECRET) ? "leave the token out" : "set cluster-secret instead"));
        } else if (root.has(Schema.CLUSTER_SECRET)) {
            add(
                    root,
                    Schema.CLUSTER_SECRET,
                    "is there together with join-token; remove cluster-secret, since a backend with a token needs no"
                            + " secret and is limited only without it");
        }
    }

    /** What works and should be known all the same. */
    static List<String> notes(Values root, Instant now) {
        List<String> notes = new ArrayList<>();
        Optional<JoinToken> token = root.find(Schema.JOIN_TOKEN);
        token.map(JoinToken::grant)
                .filter(grant -> !grant.mayJoin(now))
                .flatMap(grant -> grant.joinsUntil())
                .ifPresent(end -> notes.add("join-token let a backend join until " + end
                        + ", and that is over: make a new one on a load balancer with 'scrimp token create'"));
        return notes;
    }

    /** After {@link #check} found nothing wrong. */
    static Optional<ClusterSecret> secret(Values root, Key<String> key) {
        return root.find(key).map(text -> {
            try {
                return ClusterSecret.parse(text, root.need(Schema.ALLOW_WEAK_SECRET));
            } catch (SecretException checkedBefore) {
                throw new IllegalStateException(key.name() + " was not checked");
            }
        });
    }

    private void checkStrength(Values root, Key<String> key) {
        Optional<String> text = root.find(key);
        if (text.isEmpty()) {
            return;
        }
        try {
            ClusterSecret.parse(text.get(), root.find(Schema.ALLOW_WEAK_SECRET).orElse(false));
        } catch (SecretException bad) {
            add(root, key, TrustTypes.reason(bad));
        }
    }

    private void add(Values root, Key<?> key, String message) {
        problems.add(root.origin(key), root.path(key), message);
    }
}
