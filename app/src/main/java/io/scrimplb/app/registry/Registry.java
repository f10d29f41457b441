package io.scrimplb.app.registry;

import io.scrimplb.app.certificates.TlsMaterial;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.proxy.spec.ProxySpec;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * Who offers what, and the desired state that follows. Not thread-safe: one thread owns it. Nothing here blocks, looks
 * up a name or waits; whatever depends on time happens in {@link #expire()}, due at {@link #nextDeadline()}.
 */
public final class Registry {
    private final Clock clock;
    private RegistryPolicy policy;
    private ClaimRules rules;
    private final Roster roster;
    private final ApplicationBook book;
    private Derivation derivation;
    private OwnAddresses own;
    private List<StaticApplication> ownApplications = List.of();
    private final ProblemFinder problemFinder = new ProblemFinder();
    private long revision;
    private boolean stale = true;
    private boolean viewed;
    private ProxySpec spec = ProxySpec.empty();
    private List<Problem> problems = List.of();
    private TlsMaterial material;

    /**
     * @param policy what the operator decided
     * @param clock asked for the time of every change
     * @param material what TLS listeners can show
     */
    public Registry(RegistryPolicy policy, Clock clock, TlsMaterial material) {
        this(policy, clock, material, OwnAddresses.ofThisHost(policy.forbiddenTargets()));
    }

    Registry(RegistryPolicy policy, Clock clock, TlsMaterial material, OwnAddresses own) {
        this.policy = policy;
        this.own = own;
        this.clock = clock;
        this.rules = new ClaimRules(policy.claims());
        this.roster = new Roster(policy.retention());
        this.book = new ApplicationBook(policy.claims(), policy.retention().rememberFor());
        this.derivation = new Derivation(policy, own);
        this.material = material;
    }

    /**
     * What came of a view.
     *
     * @param changed whether the desired state or the problems may differ now
     * @param members who came, went or fell silent, in that order
     */
    public record ViewOutcome(boolean changed, List<MemberChange> members) {}

    /** Takes a new view of the cluster. */
    public ViewOutcome view(ClusterView view) {
        boolean firstView = !viewed;
        viewed = true;
        Roster.Update update = roster.view(view, clock.instant());
        update.gone().forEach(this::gone);
        update.back().forEach(this::offersOf);
        boolean changed = firstView
                || update.suspicion()
                || !update.changes().isEmpty()
                || !update.back().isEmpty();
        stale |= changed;
        return new ViewOutcome(changed, List.copyOf(update.changes()));
    }

    /**
     * Takes what a member offers now. Ignored when the member is not in the view, or told something newer before.
     *
     * @param claims what the member may offer by its certificate; what goes beyond them is refused and reported
     * @return whether the desired state or the problems may differ now
     */
    public boolean announced(Member member, Announcement announcement, Claims claims) {
        KnownMember known = roster.member(member.id());
        if (known == null) {
            if (announcement.applications().isEmpty()) {
                roster.leftOnPurpose(member, announcement);
            }
            return false;
        }
        if (!known.isBackend()) {
            return false;
        }
        Announcement before = known.announcement;
        boolean same = announcement.equals(before) && claims.equals(known.claims);
        if (same || (before != null && announcement.revision() < before.revision())) {
            return false;
        }
        known.announcement = announcement;
        known.claims = claims;
        offersOf(known);
        if (known.held && known.offersNothing()) {
            roster.leftOnPurpose(member, announcement);
        }
        stale = true;
        return true;
    }

    /**
     * Replaces the applications of the operator's own file.
     *
     * @return whether the desired state or the problems may differ now
     */
    public boolean staticApplications(List<StaticApplication> fromFile) {
        ownApplications = List.copyOf(fromFile);
        Map<String, Offer> offers = new LinkedHashMap<>();
        fromFile.forEach(application -> offers.putIfAbsent(application.name(), rules.fromFile(application)));
        book.replace(Offer.STATIC, offers, clock.instant());
        stale = true;
        return true;
    }

    /**
     * Replaces what the operator decided, and holds everything that is offered against it anew. What it says of retention
     * stays as it was at the start; what was forbidden as a target stays forbidden.
     *
     * @return whether the desired state or the problems may differ now
     */
    public boolean policy(RegistryPolicy next) {
        policy = new RegistryPolicy(next.claims(), policy.retention(), next.forwarding(), next.forbiddenTargets());
        book.policy(next.claims());
        rules = new ClaimRules(policy.claims());
        Set<InetSocketAddress> forbidden = new HashSet<>(own.forbidden());
        forbidden.addAll(next.forbiddenTargets());
        own = new OwnAddresses(own.local(), forbidden);
        derivation = new Derivation(policy, own);
        staticApplications(ownApplications);
        roster.members().forEach(this::offersOf);
        return true;
    }

    /**
     * Replaces what TLS listeners can show.
     *
     * @return whether the desired state or the problems may differ now
     */
    public boolean material(TlsMaterial next) {
        material = next;
        stale = true;
        return true;
    }

    /** Host names that are decrypted here, in order; see {@link #spec}. Wildcards among them, {@code *} is not. */
    public SortedSet<String> terminatedHosts() {
        refresh();
        return Derivation.terminatedHosts(spec);
    }

    /**
     * Does what is due by now: gives up members that stayed out of sight, forgets applications that nobody offers.
     *
     * @return whether the desired state or the problems may differ now
     */
    public boolean expire() {
        Instant now = clock.instant();
        List<KnownMember> gone = roster.expire(now);
        gone.forEach(this::gone);
        boolean changed = book.expire(now) || !gone.isEmpty();
        stale |= changed;
        return changed;
    }

    /** When {@link #expire()} has something to do next. */
    public Optional<Instant> nextDeadline() {
        return Stream.of(roster.deadline(), book.deadline())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** The desired state now. The revision grows when, and only when, anything in it differs from the one before. */
    public ProxySpec spec() {
        refresh();
        return spec;
    }

    /**
     * Whether the table can be taken as complete: a view was seen, and every backend in it has told what it offers. A
     * backend that never answers keeps this false, so whoever waits for it needs a limit.
     */
    public boolean settled() {
        return viewed && roster.members().stream().allMatch(KnownMember::isSettled);
    }

    /** What an operator should mend now. */
    public List<Problem> problems() {
        refresh();
        return problems;
    }

    /** Everything that is known, for people. */
    public RegistryStatus status() {
        refresh();
        return StatusView.of(roster, book.applications().values(), book.table(), problems, policy.retention());
    }

    private void refresh() {
        if (!stale) {
            return;
        }
        stale = false;
        Set<String> suspected = new HashSet<>();
        List<ProblemFinder.Finding> findings = new ArrayList<>();
        boolean held = false;
        for (KnownMember known : roster.members()) {
            held |= known.held;
            if (known.suspected) {
                suspected.add(known.handle);
            }
        }
        if (held) {
            findings.add(new ProblemFinder.Finding(
                    "cluster",
                    "all others went out of sight at once, as after a loss of this host's network; what they offered"
                            + " stays routed for "
                            + policy.retention().isolationGrace().toSeconds() + " s"));
        }
        book.refusedNames()
                .forEach((source, message) -> findings.add(new ProblemFinder.Finding("member " + source, message)));
        ProxySpec next = derivation.derive(book.table(), book.applications(), suspected, material, findings);
        if (revision == 0 || !next.equals(withRevision(spec, 0))) {
            spec = withRevision(next, ++revision);
        }
        problems = problemFinder.find(book.table(), book.applications().values(), findings, clock.instant());
    }

    private static ProxySpec withRevision(ProxySpec spec, long revision) {
        return new ProxySpec(
                revision,
                spec.listeners(),
                spec.routes(),
                spec.upstreams(),
                spec.tls(),
                spec.limits(),
                spec.timeouts(),
                spec.trustedProxies());
    }

    private void offersOf(KnownMember known) {
        Announcement announcement = known.announcement;
        Claims limits = known.claims;
        if (announcement == null || limits == null) {
            return;
        }
        Map<String, Offer> offers = new LinkedHashMap<>();
        for (Application application : announcement.applications()) {
            TargetAddress.Verdict target = TargetAddress.of(
                    known.member.address(), announcement.advertiseAddress(), application.applicationPort(), own);
            offers.putIfAbsent(application.name(), rules.announced(known.handle, application, target, limits));
        }
        book.replace(known.handle, offers, clock.instant());
    }

    private void gone(KnownMember known) {
        book.replace(known.handle, Map.of(), clock.instant());
    }
}
