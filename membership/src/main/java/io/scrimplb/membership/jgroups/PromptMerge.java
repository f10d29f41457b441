package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.transport.MemberAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.MERGE3;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.TimeScheduler;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' merging, made quick when it matters and cheap when it does not. Members report their view to the seeds, the
 * load balancers and their coordinator, not to everybody, and directly: stock MERGE3 asks for everybody's address first,
 * each time, which at 100 members is an answer of 10 kB. The first report from another partition starts a check at once,
 * is answered, and passed on to that partition's coordinator.
 */
final class PromptMerge extends MERGE3 {
    /** Time for answers to arrive before views are compared, ms. */
    private static final long SETTLE_MILLIS = 150;
    /** Shortest time between two checks that another partition's report starts, so that they cannot echo, ms. */
    private static final long REST_MILLIS = 1_000;
    /** Members of another partition that are called on at a time: where they are, somebody with a token said. */
    private static final int MAX_MET = 32;

    private final Supplier<? extends Collection<? extends PhysicalAddress>> places;
    private final ViewRules rules;
    private final AtomicBoolean checking = new AtomicBoolean();
    private final AtomicLong lastMeeting = new AtomicLong(System.nanoTime() - TimeUnit.SECONDS.toNanos(60));
    private final AtomicLong lastPrompt = new AtomicLong(System.nanoTime() - TimeUnit.SECONDS.toNanos(60));

    /**
     * @param places of seeds and load balancers, one's own perhaps among them; must not block
     * @param rules which views are believed
     */
    PromptMerge(Supplier<? extends Collection<? extends PhysicalAddress>> places, ViewRules rules) {
        this.places = places;
        this.rules = rules;
        setId(ClassConfigurator.getProtocolId(MERGE3.class));
        pace(1);
    }

    /** Looks for other partitions now. Returns at once. */
    void kick() {
        if (view != null) {
            sendInfo();
            checkSoon();
        }
    }

    @Override
    public Object down(Event event) {
        if (event.getType() == Event.VIEW_CHANGE) {
            View next = event.arg();
            // Both tasks are started anew with a view, and so go by the new times.
            pace(next.size());
        }
        return super.down(event);
    }

    private void pace(int members) {
        ClusterPace pace = ClusterPace.of(members);
        setMaxInterval(pace.maxReportMillis());
        min_interval = pace.minReportMillis();
    }

    private static Optional<IpAddress> placeOf(Address member) {
        return MemberAddress.decode(member).map(decoded -> new IpAddress(decoded.address()));
    }

    /** Reports this member's view to whom it concerns. */
    @Override
    public void sendInfo() {
        View mine = view;
        if (mine != null) {
            Set<PhysicalAddress> to = new LinkedHashSet<>(places.get());
            placeOf(mine.getCoord()).ifPresent(to::add);
            to.forEach(this::report);
        }
    }

    @Override
    protected synchronized void startInfoSender() {
        if (!isInfoSenderRunning()) {
            info_sender_future = timer.scheduleWithDynamicInterval(new Report(), false);
        }
    }

    @Override
    protected void addInfo(Address sender, ViewId id, String name, PhysicalAddress address) {
        if (id == null) {
            return;
        }
        super.addInfo(sender, id, name, address);
        View mine = view;
        if (mine == null || address == null || mine.containsMember(sender)) {
            return;
        }
        long now = System.nanoTime();
        long last = lastPrompt.get();
        if (now - last >= TimeUnit.MILLISECONDS.toNanos(REST_MILLIS) && lastPrompt.compareAndSet(last, now)) {
            report(address);
            // Whoever made its view leads it, and may not know of us.
            Address coordinator = id.getCreator();
            if (!coordinator.equals(sender) && !mine.containsMember(coordinator)) {
                placeOf(coordinator).ifPresent(this::report);
            }
            if (is_coord) {
                checkSoon();
            }
        }
    }

    /** Of the three kinds of messages only the one that tells a view has a content. */
    @Override
    protected @Nullable Object handle(MergeHeader header, Message message) {
        if (message.hasArray() && rules.restricted(message.getSrc())) {
            View told = readView(message.getArray(), message.getOffset(), message.getLength());
            if (told == null) {
                return null;
            }
            if (!rules.plausible(told.getMembersRaw(), view)) {
                meet(told);
                return null;
            }
        }
        return super.handle(header, message);
    }

    /** Has the members of a view that is not believed prove themselves, so that it can be the next time. */
    private void meet(View told) {
        long now = System.nanoTime();
        long last = lastMeeting.get();
        if (now - last < TimeUnit.MILLISECONDS.toNanos(REST_MILLIS) || !lastMeeting.compareAndSet(last, now)) {
            return;
        }
        rules.unproved(told, view).stream()
                .limit(MAX_MET)
                .forEach(member -> placeOf(member).ifPresent(this::report));
        checkSoon();
    }

    private void report(PhysicalAddress place) {
        if (place.equals(down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr)))) {
            return;
        }
        down_prot.down(new EmptyMessage(place)
                .setFlag(Message.Flag.OOB)
                .setFlag(Message.TransientFlag.DONT_LOOPBACK)
                .putHeader(getId(), createInfo()));
    }

    private void checkSoon() {
        if (checking.compareAndSet(false, true)) {
            Future<?> check = timer.schedule(
                    () -> {
                        checking.set(false);
                        if (view != null) {
                            checkInconsistencies();
                        }
                    },
                    SETTLE_MILLIS,
                    TimeUnit.MILLISECONDS);
            log.trace("%s: comparing views soon: %s", local_addr, check);
        }
    }

    /** Reports, and again after a time of which some is by chance, so that members do not all report at once. */
    private final class Report implements TimeScheduler.Task {
        @Override
        public void run() {
            sendInfo();
        }

        @Override
        public long nextInterval() {
            return info_sender.nextInterval();
        }
    }
}
