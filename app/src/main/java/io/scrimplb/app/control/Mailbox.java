package io.scrimplb.app.control;

import io.scrimplb.app.certificates.TlsMaterial;
import io.scrimplb.app.registry.RegistryPolicy;
import io.scrimplb.app.registry.StaticApplication;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the control thread. Posting never blocks. Between two views a member's announcements collapse into its
 * latest one, so that however often a member talks, what waits is bounded by the members there are.
 */
final class Mailbox {
    /** Troubles that wait at once; more are dropped, as each is only a line for the status page. */
    private static final int MAX_TROUBLES = 100;

    /** A thing to be told to the registry. */
    sealed interface Event {}

    record ViewEvent(ClusterView view) implements Event {}

    record StaticsEvent(List<StaticApplication> applications) implements Event {}

    record PolicyEvent(RegistryPolicy policy) implements Event {}

    record MaterialEvent(TlsMaterial material) implements Event {}

    record TroubleEvent(String message) implements Event {}

    static final class AnnouncementEvent implements Event {
        final Member member;
        Announcement latest;
        Claims claims;

        AnnouncementEvent(Member member, Announcement latest, Claims claims) {
            this.member = member;
            this.latest = latest;
            this.claims = claims;
        }
    }

    private final Object lock = new Object();
    private List<Event> events = new ArrayList<>();
    private final Map<String, AnnouncementEvent> sinceView = new HashMap<>();
    private int troubles;
    private boolean closed;

    void view(ClusterView view) {
        synchronized (lock) {
            // What is announced from here on belongs behind this view.
            sinceView.clear();
            post(new ViewEvent(view));
        }
    }

    void announced(Member member, Announcement announcement, Claims claims) {
        synchronized (lock) {
            AnnouncementEvent waiting = sinceView.get(member.id());
            if (waiting == null) {
                AnnouncementEvent event = new AnnouncementEvent(member, announcement, claims);
                sinceView.put(member.id(), event);
                post(event);
            } else if (announcement.revision() >= waiting.latest.revision()) {
                waiting.latest = announcement;
                waiting.claims = claims;
            }
        }
    }

    void statics(List<StaticApplication> applications) {
        synchronized (lock) {
            post(new StaticsEvent(List.copyOf(applications)));
        }
    }

    void policy(RegistryPolicy policy) {
        synchronized (lock) {
            post(new PolicyEvent(policy));
        }
    }

    void material(TlsMaterial material) {
        synchronized (lock) {
            // Only the latest counts, however often certificates change before it is looked at.
            events.removeIf(MaterialEvent.class::isInstance);
            post(new MaterialEvent(material));
        }
    }

    void troubled(String message) {
        synchronized (lock) {
            if (troubles < MAX_TROUBLES) {
                troubles++;
                post(new TroubleEvent(message));
            }
        }
    }

    private void post(Event event) {
        events.add(event);
        lock.notifyAll();
    }

    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    /**
     * Takes all that waits, after waiting for something for at most so long.
     *
     * @return null once the mailbox is closed; empty when the time is over
     */
    @Nullable
    List<Event> take(long timeoutNanos) throws InterruptedException {
        long end = System.nanoTime() + timeoutNanos;
        synchronized (lock) {
            while (events.isEmpty() && !closed) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                // Rounded up: waiting for 0 ms would be for ever, and waking early would spin.
                lock.wait(left / 1_000_000 + 1);
            }
            if (closed) {
                return null;
            }
            List<Event> taken = events;
            events = new ArrayList<>();
            sinceView.clear();
            troubles = 0;
            return taken;
        }
    }
}
