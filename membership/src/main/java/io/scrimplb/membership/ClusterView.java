package io.scrimplb.membership;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is in the cluster, as one member sees it. Immutable.
 *
 * @param self the member that sees it
 * @param members all of them, self included, the coordinator first
 * @param suspected ids of members that do not answer and may be gone soon
 */
public record ClusterView(Member self, List<Member> members, Set<String> suspected) {
    public ClusterView {
        members = List.copyOf(members);
        suspected = Set.copyOf(suspected);
    }

    public Optional<Member> member(String id) {
        return members.stream().filter(m -> m.id().equals(id)).findFirst();
    }

    /** Whether nobody else is in sight. */
    public boolean alone() {
        return members.size() == 1;
    }
}
