package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.exchange.Exchange;
import io.scrimplb.membership.transport.MemberAddress;
import io.scrimplb.membership.transport.Peer;
import io.scrimplb.membership.trust.Grant;
import io.scrimplb.membership.wire.WireLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between JGroups' threads and ours: what JGroups calls is handed over and done on one thread, in order, and all events
 * are told from there. The waiting messages are bounded.
 */
final class Conversation implements Receiver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    private final Member self;
    private final MembershipEvents events;
    private final Consumer<ClusterView> whenViewed;
    private final Exchange exchange;
    private final ScheduledExecutorService thread;
    private final Faults faults = new Faults();
    private final WaitingRoom waiting = new WaitingRoom();
    /** Ids of members of the view whose messages were dropped, until the exchange knows. */
    private final Set<String> unheard = ConcurrentHashMap.newKeySet();

    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean suspectsToRead = new AtomicBoolean();
    private volatile @Nullable JChannel channel;
    private volatile Predicate<Address> suspected = address -> false;
    private volatile Function<UUID, @Nullable Peer> peers = id -> null;
    private volatile ClusterView view;
    private volatile boolean closed;
    /** The rest is for the thread of this class only. */
    private Map<String, Address> addresses = Map.of();

    private List<Member> members;
    private @Nullable Future<?> nextAsk;
    private boolean joined;

    /**
     * @param whenViewed called before {@code events} hear of a view of the cluster, on the same thread
     */
    Conversation(Member self, MembershipEvents events, Consumer<ClusterView> whenViewed) {
        this.self = self;
        this.events = events;
        this.whenViewed = whenViewed;
        this.members = List.of(self);
        this.view = new ClusterView(self, members, Set.of());
        this.exchange = new Exchange(self, new Guarded(), this::send, new SplittableRandom());
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "scrimp-membership");
            created.setDaemon(true);
            return created;
        });
        executor.setRemoveOnCancelPolicy(true);
        this.thread = executor;
    }

    /**
     * @param suspected whether a member is suspected at the moment of the call
     * @param peers who is at the other end of the open connection with a member; null when there is none
     */
    void attach(JChannel attached, Predicate<Address> suspected, Function<UUID, @Nullable Peer> peers) {
        this.suspected = suspected;
        this.peers = peers;
        channel = attached;
    }

    ClusterView view() {
        return view;
    }

    Exchange exchange() {
        return exchange;
    }

    /** Messages that were not even queued. */
    long droppedMessages() {
        return dropped.sum();
    }

    void announce(Announcement announcement) {
        hand(() -> exchange.announce(announcement));
    }

    void tell(String loadBalancerId, String topic, String content) {
        hand(() -> exchange.tell(loadBalancerId, topic, content));
    }

    void trouble(String message) {
        hand(() -> events.troubled(message));
    }

    @Override
    public void viewAccepted(View accepted) {
        hand(() -> viewed(accepted));
    }

    /** Only a signal, since it comes from several threads in no order: who is suspected is read when it is told. */
    void suspectsChanged() {
        if (suspectsToRead.compareAndSet(false, true)) {
            hand(() -> {
                suspectsToRead.set(false);
                publish();
            });
        }
    }

    @Override
    public void receive(Message message) {
        if (!(message.getSrc() instanceof org.jgroups.util.UUID source) || !message.hasArray()) {
            dropped.increment();
            return;
        }
        String sender = MemberAddress.id(source);
        Peer peer = peer(source);
        if (peer == null) {
            // Its last connection has closed meanwhile, and with it what it proved; it is asked for what matters.
            drop(sender);
            return;
        }
        Grant grant = peer.grant();
        int length = message.getLength();
        if (length > WireLimits.MESSAGE_BYTES) {
            hand(() -> exchange.refused(sender, "it has " + length + " bytes, more than " + WireLimits.MESSAGE_BYTES));
            return;
        }
        if (!waiting.enter(sender, length)) {
            drop(sender);
            return;
        }
        byte[] bytes = new byte[length];
        if (length > 0) {
            System.arraycopy(message.getArray(), message.getOffset(), bytes, 0, length);
        }
        hand(() -> {
            waiting.leave(sender, length);
            thenScheduleAsk(() -> exchange.received(sender, grant, bytes, millis()));
        });
    }

    /** What the sender had to say is asked for again; that takes one place in the queue, however much is dropped. */
    private void drop(String sender) {
        dropped.increment();
        if (view.member(sender).isPresent() && unheard.add(sender)) {
            hand(() -> {
                unheard.remove(sender);
                thenScheduleAsk(() -> exchange.dropped(sender, millis()));
            });
        }
    }

    private void viewed(View accepted) {
        Map<String, Address> present = new HashMap<>();
        List<Member> decoded = new ArrayList<>();
        for (Address address : accepted.getMembers()) {
            Optional<Member> member = MemberAddress.decode(proved(address));
            if (member.isPresent()) {
                present.put(member.get().id(), address);
                decoded.add(member.get());
            }
        }
        addresses = present;
        members = decoded;
        joined = true;
        ClusterView next = publishable();
        view = next;
        tell(() -> whenViewed.accept(next));
        // The application knows the view before it hears what somebody in it offers.
        tell(() -> events.viewChanged(next));
        thenScheduleAsk(() -> exchange.viewChanged(next, accepted instanceof MergeView, millis()));
    }

    /** What a member's connection proved says more than what stands in a view that somebody else made. */
    private Address proved(Address address) {
        Peer peer = address instanceof org.jgroups.util.UUID id ? peer(id) : null;
        return peer == null ? address : peer.address();
    }

    private @Nullable Peer peer(org.jgroups.util.UUID id) {
        return peers.apply(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
    }

    private void publish() {
        ClusterView next = publishable();
        if (joined && !next.equals(view)) {
            view = next;
            tell(() -> events.viewChanged(next));
        }
    }

    private ClusterView publishable() {
        Predicate<Address> doubtful = suspected;
        Set<String> suspectIds = addresses.entrySet().stream()
                .filter(entry -> doubtful.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return new ClusterView(self, members, suspectIds);
    }

    private void scheduleAsk() {
        OptionalLong at = exchange.nextAsk();
        if (nextAsk != null) {
            nextAsk.cancel(false);
            nextAsk = null;
        }
        if (at.isPresent() && !closed) {
            long delay = Math.max(0, at.getAsLong() - millis());
            try {
                nextAsk = thread.schedule(guarded(this::ask), delay, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.trace("closed meanwhile");
            }
        }
    }

    private void ask() {
        thenScheduleAsk(() -> exchange.ask(millis()));
    }

    /** Whatever happens in between, the next question is asked. */
    private void thenScheduleAsk(Runnable work) {
        try {
            work.run();
        } finally {
            scheduleAsk();
        }
    }

    private void send(Member to, byte[] bytes) {
        JChannel out = channel;
        Address address = addresses.get(to.id());
        if (out == null || address == null || closed) {
            return;
        }
        try {
            out.send(new BytesMessage(address, bytes));
        } catch (Exception e) {
            // Closing, or the member is going: it is asked again, or the view tells.
            LOG.debug("no message to {}: {}", to.name(), e.getMessage());
        }
    }

    private void hand(Runnable task) {
        try {
            thread.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.trace("closed meanwhile");
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            if (!closed) {
                tell(task);
            }
        };
    }

    /** A fault in one event must not end the thread or keep others from being told. */
    private void tell(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            faults.log(LOG, "a membership event failed, the next ones are still told", e);
        }
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** No event is told after this returns, except one that is being told. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
    }

    private final class Guarded implements MembershipEvents {
        @Override
        public void viewChanged(ClusterView view) {
            tell(() -> events.viewChanged(view));
        }

        @Override
        public void announced(Member member, Announcement announcement, Claims claims) {
            tell(() -> events.announced(member, announcement, claims));
        }

        @Override
        public void noted(Member from, String topic, String content) {
            tell(() -> events.noted(from, topic, content));
        }

        @Override
        public void troubled(String message) {
            tell(() -> events.troubled(message));
        }
    }
}
