package io.scrimplb.app.runtime;

import io.scrimplb.app.admin.AdminStatus;
import io.scrimplb.app.registry.ApplicationStatus;
import io.scrimplb.app.registry.MemberStatus;
import io.scrimplb.app.registry.MemberStatus.Condition;
import io.scrimplb.app.registry.Problem;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a backend's admin address shows. Thread-safe. */
final class BackendStatus {
    /** Troubles of the cluster that are remembered; the newest count. */
    private static final int MAX_TROUBLES = 20;

    private final BackendOffer offer;
    private final boolean secured;
    private final Claims own;
    private final Instant start = Instant.now();
    private final Deque<Problem> troubles = new ArrayDeque<>();

    /**
     * @param secured whether the cluster has a secret
     * @param own what this backend may offer by its certificate
     */
    BackendStatus(BackendOffer offer, boolean secured, Claims own) {
        this.offer = offer;
        this.secured = secured;
        this.own = own;
    }

    synchronized void troubled(String message) {
        if (troubles.size() == MAX_TROUBLES) {
            troubles.removeFirst();
        }
        troubles.addLast(new Problem("cluster", message, Instant.now()));
    }

    AdminStatus adminStatus(@Nullable Membership membership) {
        return new AdminStatus(
                Version.current(),
                "backend",
                Duration.between(start, Instant.now()),
                secured,
                0,
                membership == null ? List.of() : members(membership.view()),
                offer.current().applications().stream()
                        .map(BackendStatus::application)
                        .toList(),
                List.of(),
                List.of(),
                problems());
    }

    private synchronized List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(troubles);
        offer.troubles()
                .forEach((trouble, since) -> problems.add(new Problem("application-config-dir", trouble, since)));
        return problems;
    }

    private List<MemberStatus> members(ClusterView view) {
        List<MemberStatus> members = new ArrayList<>();
        for (Member member : view.members()) {
            boolean self = member.id().equals(view.self().id());
            Condition condition = view.suspected().contains(member.id()) ? Condition.SUSPECTED : Condition.PRESENT;
            members.add(new MemberStatus(
                    member.id(),
                    member.name(),
                    member.role(),
                    Addresses.text(member.address()),
                    condition,
                    self,
                    claims(member, self)));
        }
        return members;
    }

    /** What other backends may offer is the load balancers' business, and unknown here. */
    private @Nullable Claims claims(Member member, boolean self) {
        if (self) {
            return own;
        }
        return member.role() == Role.LOAD_BALANCER ? Claims.UNLIMITED : null;
    }

    private static ApplicationStatus application(Application application) {
        List<String> routes = new ArrayList<>();
        String port = application.listenPort() == null ? "" : ":" + application.listenPort() + " ";
        List<String> domains = application.domains().isEmpty() ? List.of("*") : application.domains();
        for (String domain : domains) {
            application.paths().forEach(path -> routes.add(port + domain + path));
        }
        return new ApplicationStatus(application.name(), application.protocol().label(), routes, List.of(), null);
    }

    /** Members of a role in a view; 0 before there is one. */
    static int count(@Nullable Membership membership, Role role) {
        return membership == null
                ? 0
                : (int) membership.view().members().stream()
                        .filter(member -> member.role() == role)
                        .count();
    }
}
