package io.scrimplb.app.registry;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import org.jspecify.annotations.Nullable;

/** A member and what is known of it. */
final class KnownMember {
    private static final int ID_CHARACTERS = 8;

    final Member member;
    final String handle;
    final boolean self;
    /** Null until it told. */
    @Nullable
    Announcement announcement;

    /** What it may offer by its certificate; null until that is known, as of a backend that has not told yet. */
    @Nullable
    Claims claims;

    boolean suspected;
    /** Out of sight, yet its endpoints stay. */
    boolean held;

    KnownMember(Member member, boolean self, String handle) {
        this.member = member;
        this.self = self;
        this.handle = handle;
        // Only a holder of the cluster's secret can be a load balancer.
        this.claims = isBackend() ? null : Claims.UNLIMITED;
    }

    boolean isBackend() {
        return member.role() == Role.BACKEND;
    }

    /** Whether nothing more has to be heard from it. */
    boolean isSettled() {
        return !isBackend() || held || announcement != null;
    }

    /** Whether it said that it has no applications, as a backend does before it leaves. */
    boolean offersNothing() {
        return announcement != null && announcement.applications().isEmpty();
    }

    /** Whether it told applications. */
    boolean offersSomething() {
        return announcement != null && !announcement.applications().isEmpty();
    }

    /** Whether what it told last is newer than that. */
    boolean knowsNewer(Announcement other) {
        return announcement != null && announcement.revision() > other.revision();
    }

    /** The name and the beginning of the identity: readable, and another one for each run of the process. */
    static String shortHandle(Member member) {
        String id = clean(member.id(), 64);
        return clean(member.name(), 64) + "-" + id.substring(0, Math.min(ID_CHARACTERS, id.length()));
    }

    /** For the rare case that two members share the short one. */
    static String longHandle(Member member) {
        return clean(member.name(), 64) + "-" + clean(member.id(), 64);
    }

    private static String clean(String text, int length) {
        String head = text.substring(0, Math.min(length, text.length()));
        return head.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    MemberStatus.Condition condition() {
        if (held) {
            return MemberStatus.Condition.HELD;
        }
        if (suspected) {
            return MemberStatus.Condition.SUSPECTED;
        }
        if (!isBackend()) {
            return MemberStatus.Condition.PRESENT;
        }
        return announcement == null ? MemberStatus.Condition.ASKED : MemberStatus.Condition.CONFIRMED;
    }
}
