package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.MembershipEvents;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was told. */
final class Recorder implements MembershipEvents {
    final List<ClusterView> views = new CopyOnWriteArrayList<>();
    final Map<String, Announcement> announced = new ConcurrentHashMap<>();
    final Map<String, Long> announcedAtNanos = new ConcurrentHashMap<>();
    final List<String> notes = new CopyOnWriteArrayList<>();
    final List<String> troubles = new CopyOnWriteArrayList<>();
    final List<String> outsiders = new CopyOnWriteArrayList<>();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @Override
    public void viewChanged(ClusterView view) {
        threads.add(Thread.currentThread());
        views.add(view);
        Set<String> gone = new HashSet<>(announced.keySet());
        view.members().forEach(member -> gone.remove(member.id()));
        announced.keySet().removeAll(gone);
    }

    @Override
    public void announced(Member member, Announcement announcement, Claims claims) {
        threads.add(Thread.currentThread());
        if (views.isEmpty() || views.get(views.size() - 1).member(member.id()).isEmpty()) {
            outsiders.add(member.name());
        }
        announced.put(member.id(), announcement);
        announcedAtNanos.putIfAbsent(member.id(), System.nanoTime());
    }

    @Override
    public void noted(Member from, String topic, String content) {
        threads.add(Thread.currentThread());
        notes.add(from.name() + ": " + topic + ": " + content);
    }

    @Override
    public void troubled(String message) {
        troubles.add(message);
    }

    long suspicionsSeen() {
        return views.stream().filter(view -> !view.suspected().isEmpty()).count();
    }
}
