package io.scrimplb.membership.jgroups;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.util.MessageBatch;

/**
 * JGroups' failure detector, which also tells us whom it suspects: those without a heartbeat, and those whose
 * connection broke (the transport says so from below). That is before anybody verified it, on every member, so a load
 * balancer can look elsewhere early. A word from the suspect, or a view without it, ends it.
 */
final class Suspicions extends FD_ALL3 {
    /** A member that was not heard of for so long is suspected, ms. */
    private static final long TIMEOUT_MILLIS = 2_500;
    /** Time between heartbeats, ms. */
    private static final long INTERVAL_MILLIS = 500;

    private final Runnable whenChanged;
    private final Set<Address> suspects = ConcurrentHashMap.newKeySet();

    /**
     * @param whenChanged called on several threads of JGroups, at the same time even, so that it carries no state: who
     *     is called reads {@link #contains} afterwards; must not block
     */
    Suspicions(Runnable whenChanged) {
        this.whenChanged = whenChanged;
        setId(ClassConfigurator.getProtocolId(FD_ALL3.class));
        setTimeout(TIMEOUT_MILLIS);
        setInterval(INTERVAL_MILLIS);
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
            if (suspects.retainAll(view.getMembers())) {
                whenChanged.run();
            }
        }
        return super.down(event);
    }

    @Override
    public Object up(Message msg) {
        heard(msg.getSrc());
        return super.up(msg);
    }

    @Override
    public void up(MessageBatch batch) {
        heard(batch.sender());
        super.up(batch);
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
