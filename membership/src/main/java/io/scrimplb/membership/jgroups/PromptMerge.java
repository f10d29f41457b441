package io.scrimplb.membership.jgroups;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.PingData;

/**
 * JGroups' merging, made quick when it matters and cheap when it does not: the first sign of another partition starts
 * a check on both sides at once, and members of one partition report to their coordinator alone, not to everybody.
 */
final class PromptMerge extends MERGE3 {
    /** Shortest and longest time between reports to the others, ms; JGroups picks at random. */
    private static final long MIN_INTERVAL_MILLIS = 1_000;

    private static final long MAX_INTERVAL_MILLIS = 2_000;
    /** Time for answers to arrive before views are compared, ms. */
    private static final long SETTLE_MILLIS = 150;
    /** Shortest time between two checks that another partition's report starts, so that they cannot echo, ms. */
    private static final long REST_MILLIS = 1_000;

    private final AtomicBoolean checking = new AtomicBoolean();
    private final AtomicLong lastPrompt = new AtomicLong(System.nanoTime() - TimeUnit.SECONDS.toNanos(60));

    PromptMerge() {
        setId(ClassConfigurator.getProtocolId(MERGE3.class));
        setMaxInterval(MAX_INTERVAL_MILLIS);
        setMinInterval(MIN_INTERVAL_MILLIS);
    }

    /** Looks for other partitions now. Returns at once. */
    void kick() {
        if (view != null) {
            sendInfo();
            checkSoon();
        }
    }

    @Override
    protected void addInfo(Address sender, ViewId id, String name, PhysicalAddress address) {
        super.addInfo(sender, id, name, address);
        View mine = view;
        if (mine == null || !is_coord || address == null || mine.containsMember(sender)) {
            return;
        }
        long now = System.nanoTime();
        long last = lastPrompt.get();
        if (now - last >= TimeUnit.MILLISECONDS.toNanos(REST_MILLIS) && lastPrompt.compareAndSet(last, now)) {
            super.sendInfoMessage(new PingData(sender, true, name, address));
            checkSoon();
        }
    }

    @Override
    protected void sendInfoMessage(PingData found) {
        View mine = view;
        if (found == null || found.getAddress() == null || mine == null) {
            return;
        }
        if (found.isCoord() || !mine.containsMember(found.getAddress())) {
            super.sendInfoMessage(found);
        }
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
}
