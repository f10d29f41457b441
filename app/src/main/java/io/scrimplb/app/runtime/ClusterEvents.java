package io.scrimplb.app.runtime;

import io.scrimplb.app.acme.AcmeService;
import io.scrimplb.app.control.ControlLoop;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.MembershipEvents;
import java.util.Optional;

/** Hands what happens in the cluster to whom it concerns; none of them blocks. */
record ClusterEvents(ControlLoop control, Optional<AcmeService> acme) implements MembershipEvents {
    @Override
    public void viewChanged(ClusterView view) {
        control.viewChanged(view);
        acme.ifPresent(service -> service.viewChanged(view));
    }

    @Override
    public void announced(Member member, Announcement announcement, Claims claims) {
        control.announced(member, announcement, claims);
    }

    @Override
    public void noted(Member from, String topic, String content) {
        acme.ifPresent(service -> service.noted(from, topic, content));
    }

    @Override
    public void troubled(String message) {
        control.troubled(message);
    }
}
