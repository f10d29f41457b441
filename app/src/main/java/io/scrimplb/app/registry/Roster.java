package io.scrimplb.app.registry;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is there, who is suspected, and who is only held because this load balancer lost its network. */
final class Roster {
    private final Retention retention;
    private final Map<String, KnownMember> members = new LinkedHashMap<>();
    private final Set<String> handles = new HashSet<>();
    /** Members that vanished within the last {@link IsolationRule#SPREAD}, the latest last. */
    private final Deque<Loss> losses = new ArrayDeque<>();

    private @Nullable Instant graceEnd;
    private @Nullable Instant heldUntil;

    private record Loss(KnownMember member, Instant at) {}

    /**
     * What a view brought.
     *
     * @param gone members whose offers go now
     * @param back members that were dropped and whose offers count again
     * @param suspicion whether anybody's suspicion changed
     * @param changes joins, leaves, holds and suspicions in order
     */
    record Update(List<KnownMember> gone, List<KnownMember> back, boolean suspicion, List<MemberChange> changes) {}

    Roster(Retention retention) {
        this.retention = retention;
    }

    Collection<KnownMember> members() {
        return members.values();
    }

    @Nullable
    KnownMember member(String id) {
        return members.get(id);
    }

    /** When members that are out of sight are taken as gone; null while none is held. */
    @Nullable
    Instant heldUntil() {
        return heldUntil;
    }

    Update view(ClusterView view, Instant now) {
        Update update = new Update(new ArrayList<>(), new ArrayList<>(), false, new ArrayList<>());
        losses.removeIf(loss -> loss.at().plus(IsolationRule.SPREAD).isBefore(now));
        Set<String> present = new HashSet<>();
        for (Member member : view.members()) {
            present.add(member.id());
            arrive(member, member.id().equals(view.self().id()), update);
        }
        List<KnownMember> lost = members.values().stream()
                .filter(known -> !known.held && !present.contains(known.member.id()))
                .toList();
        for (KnownMember known : lost) {
            if (known.offersNothing()) {
                // It took its offer back before it left, so it is no evidence of a cut and there is nothing to keep.
                leave(known, update);
            }
        }
        List<KnownMember> vanished =
                lost.stream().filter(known -> !known.offersNothing()).toList();
        if (!view.alone()) {
            vanished.forEach(known -> drop(known, now, update));
            settleHolds(now);
        } else if (!vanished.isEmpty()) {
            lose(vanished, now, update);
        }
        boolean suspicion = suspect(view, update);
        return new Update(update.gone(), update.back(), suspicion, update.changes());
    }

    private void arrive(Member member, boolean self, Update update) {
        KnownMember known = members.get(member.id());
        if (known == null) {
            known = new KnownMember(member, self, newHandle(member));
            members.put(member.id(), known);
            update.changes().add(change(known, MemberEvent.JOIN));
        } else if (known.held) {
            // Back in sight: what it offers stands until it says otherwise, for it is the same run of that process.
            known.held = false;
            update.changes().add(change(known, MemberEvent.JOIN));
        }
    }

    private String newHandle(Member member) {
        String handle = KnownMember.shortHandle(member);
        if (!handles.add(handle)) {
            handle = KnownMember.longHandle(member);
            handles.add(handle);
        }
        return handle;
    }

    /** Nobody else is left: either the network or the members are gone. */
    private void lose(List<KnownMember> lost, Instant now, Update update) {
        List<Role> lostNow = lost.stream().map(known -> known.member.role()).toList();
        List<Role> lately = new ArrayList<>(lostNow);
        losses.forEach(loss -> lately.add(loss.member().member.role()));
        boolean isolated = heldUntil != null || IsolationRule.isolated(lostNow, lately);
        boolean worthIt = lost.stream().anyMatch(KnownMember::offersSomething)
                || losses.stream().anyMatch(loss -> loss.member().offersSomething());
        if (!isolated || !worthIt || retention.isolationGrace().isZero()) {
            lost.forEach(known -> drop(known, now, update));
            return;
        }
        Instant end = graceEnd == null ? now.plus(retention.isolationGrace()) : graceEnd;
        graceEnd = end;
        heldUntil = end;
        for (KnownMember known : lost) {
            hold(known);
            update.changes().add(change(known, MemberEvent.HELD));
        }
        // The first rounds of the same cut were taken for deaths; that is known better now.
        for (Loss loss : losses) {
            KnownMember known = loss.member();
            if (members.putIfAbsent(known.member.id(), known) == null) {
                handles.add(known.handle);
                hold(known);
                update.back().add(known);
            }
        }
        losses.clear();
    }

    private static void hold(KnownMember known) {
        known.held = true;
        known.suspected = false;
    }

    private void drop(KnownMember known, Instant now, Update update) {
        leave(known, update);
        losses.addLast(new Loss(known, now));
    }

    private void leave(KnownMember known, Update update) {
        discard(known);
        update.gone().add(known);
        update.changes().add(change(known, MemberEvent.LEAVE));
    }

    /**
     * A member that is out of sight turns out to have taken its offer back, which came in behind the view: it left on
     * purpose. Once nobody who is held offers anything, nobody needs to be.
     */
    void leftOnPurpose(Member member, Announcement last) {
        losses.removeIf(loss ->
                loss.member().member.id().equals(member.id()) && !loss.member().knowsNewer(last));
        KnownMember known = members.get(member.id());
        if (known != null && known.held) {
            discard(known);
        }
        if (members.values().stream().noneMatch(other -> other.held && other.offersSomething())) {
            members.values().stream().filter(other -> other.held).toList().forEach(this::discard);
            endHold();
        }
    }

    private void discard(KnownMember known) {
        members.remove(known.member.id());
        handles.remove(known.handle);
    }

    /** Others are in sight: whoever is still missing gets a short while, as partitions do not always merge at once. */
    private void settleHolds(Instant now) {
        if (heldUntil == null) {
            return;
        }
        if (members.values().stream().noneMatch(known -> known.held)) {
            endHold();
            return;
        }
        Instant settled = now.plus(retention.rejoinSettle());
        if (settled.isBefore(heldUntil)) {
            heldUntil = settled;
        }
    }

    private void endHold() {
        heldUntil = null;
        graceEnd = null;
    }

    private boolean suspect(ClusterView view, Update update) {
        boolean changed = false;
        for (KnownMember known : members.values()) {
            boolean suspected = !known.held && view.suspected().contains(known.member.id());
            if (suspected != known.suspected) {
                known.suspected = suspected;
                changed = true;
                update.changes().add(change(known, suspected ? MemberEvent.SUSPECT : MemberEvent.UNSUSPECT));
            }
        }
        return changed;
    }

    /** Gives up the members whose time out of sight is over, and tells which. */
    List<KnownMember> expire(Instant now) {
        if (heldUntil == null || now.isBefore(heldUntil)) {
            return List.of();
        }
        endHold();
        List<KnownMember> gone =
                members.values().stream().filter(known -> known.held).toList();
        gone.forEach(this::discard);
        return gone;
    }

    Optional<Instant> deadline() {
        return Optional.ofNullable(heldUntil);
    }

    private static MemberChange change(KnownMember known, MemberEvent event) {
        return new MemberChange(known.handle, known.member.role(), event);
    }
}
