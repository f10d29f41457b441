package io.scrimplb.membership.jgroups;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FailureDetection;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.TimeScheduler;

/**
 * JGroups' failure detection with heartbeats between {@link HeartbeatPartners} at the {@link SteadyPace} of the
 * cluster's size, which also tells us whom it suspects: those without a heartbeat, and those whose connection broke (the
 * transport says so from below). That is before anybody verified it, so a load balancer can look elsewhere early. A word
 * from the suspect, or a view without it, ends it. Whatever a member sends counts as its heartbeat. Members send
 * theirs to the heads of the cluster, each on its own clock, and the heads answer: the answer carries TCP's
 * acknowledgement of what it answers, so that a head pays for three packets a heartbeat and member instead of four.
 */
final class Suspicions extends FailureDetection {
    /** Looks for each heartbeat: a hang is seen so much more to the point. */
    private static final int LOOKS = 2;

    private final Runnable whenChanged;
    private final SteadyPace pace = new SteadyPace();
    private final Silences<Address> silences = new Silences<>();
    /** Of the last view. */
    private volatile List<Address> everybody = List.of();

    private final Set<Address> suspects = ConcurrentHashMap.newKeySet();

    /**
     * @param whenChanged called on several threads of JGroups, at the same time even, so that it carries no state: who
     *     is called reads {@link #contains} afterwards; must not block
     */
    Suspicions(Runnable whenChanged) {
        this.whenChanged = whenChanged;
        setId(ClassConfigurator.getProtocolId(FD_ALL3.class));
    }

    /** Whether a member is suspected at this moment. */
    boolean contains(Address member) {
        return suspects.contains(member);
    }

    @Override
    public Object up(Event event) {
        if (event.getType() == Event.SUSPECT) {
            Collection<Address> broken = event.arg();
            suspected(broken);
        }
        return super.up(event);
    }

    @Override
    protected void suspect(List<Address> silent) {
        if (silent != null) {
            suspected(silent);
        }
        super.suspect(silent);
    }

    @Override
    public Object down(Event event) {
        if (event.getType() == Event.UNSUSPECT) {
            Address alive = event.arg();
            heard(alive);
        } else if (event.getType() == Event.VIEW_CHANGE) {
            View view = event.arg();
            everybody = List.copyOf(view.getMembers());
            pace.members(view.size(), System.nanoTime());
            if (suspects.retainAll(view.getMembers())) {
                whenChanged.run();
            }
        }
        return super.down(event);
    }

    @Override
    public Object up(Message msg) {
        heard(msg.getSrc());
        if (asks(msg)) {
            answer(msg.getSrc());
        }
        return super.up(msg);
    }

    @Override
    public void up(MessageBatch batch) {
        heard(batch.sender());
        if (batch.anyMatch(this::asks)) {
            answer(batch.sender());
        }
        super.up(batch);
    }

    @Override
    protected void startHeartbeatSender() {
        lock.lock();
        try {
            if (!isHeartbeatSenderRunning()) {
                heartbeat_sender = timer.scheduleWithDynamicInterval(new Beat(), false);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void startTimeoutChecker() {
        lock.lock();
        try {
            if (!isTimeoutCheckerRunning()) {
                timeout_checker = timer.scheduleWithDynamicInterval(new Look(), false);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void update(Address sender, boolean heartbeat, boolean onlyIfNew) {
        if (sender != null && !onlyIfNew) {
            silences.heard(sender);
        }
    }

    @Override
    protected Map<Address, ?> getTimestamps() {
        return silences.watched();
    }

    @Override
    public long getTimeout() {
        return pace.timeoutMillis(System.nanoTime());
    }

    @Override
    public long getInterval() {
        return pace.heartbeatMillis(System.nanoTime());
    }

    @Override
    protected long getTimeoutCheckInterval() {
        return getInterval() / LOOKS;
    }

    @Override
    protected String getTimeoutCheckerInfo() {
        return "looks for silent members (timeout=" + getTimeout() + " ms)";
    }

    /** Of the original's checker, which never runs here. */
    @Override
    protected <T> boolean needsToBeSuspected(Address member, T value) {
        throw new UnsupportedOperationException();
    }

    private List<Address> heads() {
        return HeartbeatPartners.heads(local_addr, everybody, suspects::contains);
    }

    private List<Address> watched() {
        return HeartbeatPartners.watched(local_addr, everybody, suspects::contains);
    }

    /** Whether a message is a heartbeat, and not an answer to one. */
    private boolean asks(Message message) {
        return message.getHeader(id) != null && !message.isFlagSet(Message.Flag.OOB);
    }

    private void answer(Address sender) {
        // Two heads speak to each other, each on its own clock.
        if (everybody.contains(sender) && !heads().contains(sender)) {
            down_prot.down(heartbeat(sender).setFlag(Message.Flag.OOB));
        }
    }

    private Message heartbeat(Address partner) {
        num_heartbeats_sent++;
        return new EmptyMessage(partner)
                .setFlag(Message.TransientFlag.DONT_LOOPBACK, Message.TransientFlag.DONT_BLOCK)
                .putHeader(id, new HeartbeatHeader());
    }

    /** Says that this member lives. */
    private final class Beat implements TimeScheduler.Task {
        @Override
        public void run() {
            // What went to everybody since the last time said it already.
            if (!mcast_sent.compareAndSet(true, false)) {
                heads().forEach(head -> down_prot.down(heartbeat(head)));
            }
        }

        @Override
        public long nextInterval() {
            return getInterval();
        }
    }

    /** Looks who does not. */
    private final class Look implements TimeScheduler.Task {
        @Override
        public void run() {
            List<Address> silent = silences.look(watched(), getTimeout(), System.nanoTime());
            if (!silent.isEmpty()) {
                suspect(silent);
            }
        }

        @Override
        public long nextInterval() {
            return getTimeoutCheckInterval();
        }
    }

    private void suspected(Collection<Address> members) {
        boolean changed = false;
        for (Address member : members) {
            changed |= !member.equals(local_addr) && suspects.add(member);
        }
        if (changed) {
            whenChanged.run();
        }
    }

    private void heard(Address member) {
        if (!suspects.isEmpty() && member != null && suspects.remove(member)) {
            whenChanged.run();
        }
    }
}
