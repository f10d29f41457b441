package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.HostPort;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Role;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Bits;
import org.jgroups.util.ByteArray;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the others through the seeds, and through load balancers that were in the view before, for the case that the
 * seeds cannot be read just when they are needed. A backend that found no coordinator keeps looking for ever instead
 * of founding a cluster of its own, which nobody would route to.
 */
final class SeedDiscovery extends Discovery {
    /** Thrown out of a join that was given up because this member closes. */
    static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1;

        GivenUp() {
            super("closed while joining", null, false, false);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SeedDiscovery.class);
    /** Pause after the first fruitless search of a backend, ms; grows to the longest. */
    private static final long PAUSE_MILLIS = 200;

    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    /** Load balancers that are remembered after they left, and for how long. */
    private static final int MAX_REMEMBERED = 16;

    private static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);
    /** Least bytes of one entry of a discovery answer. */
    private static final int MIN_PING_DATA_BYTES = 4;

    private final Role role;
    private final Supplier<SeedReading> seeds;
    private final SeedDoubts doubts;
    private final Semaphore wake = new Semaphore(0);
    private final Map<IpAddress, Long> remembered = new LinkedHashMap<>();
    private volatile boolean givenUp;
    private @Nullable String said;

    SeedDiscovery(Role role, Supplier<SeedReading> seeds, SeedDoubts doubts) {
        this.role = role;
        this.seeds = seeds;
        this.doubts = doubts;
        setId(ClassConfigurator.getProtocolId(TCPPING.class));
        // Without it members do not learn each other's addresses.
        returnEntireCache(true);
    }

    /** Makes a join that is under way fail with {@link GivenUp}. */
    void giveUp() {
        givenUp = true;
        doubts.over();
        wake.release();
    }

    /** The seeds were read: look at once. */
    void seedsRead() {
        wake.release();
    }

    @Override
    public boolean isDynamic() {
        return false;
    }

    @Override
    public Object down(Event event) {
        if (event.getType() == Event.VIEW_CHANGE) {
            remember(event.arg());
        }
        return super.down(event);
    }

    @Override
    public Responses findMembers(@Nullable List<Address> members, boolean initial, boolean async, long timeout) {
        if (!initial || role == Role.LOAD_BALANCER) {
            return super.findMembers(members, initial, async, timeout);
        }
        long pause = PAUSE_MILLIS;
        while (!givenUp) {
            sayWhere();
            wake.drainPermits();
            Responses responses = super.findMembers(members, true, false, timeout);
            responses.waitFor(timeout);
            if (hasCoordinator(responses)) {
                doubts.over();
                return responses;
            }
            responses.done();
            weedOutCompletedDiscoveryResponses();
            doubts.fruitless(seeds.get());
            pause(pause);
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 3 / 2);
        }
        throw new GivenUp();
    }

    @Override
    protected void findMembers(@Nullable List<Address> members, boolean initial, Responses responses) {
        PhysicalAddress own = (PhysicalAddress) down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr));
        PingData data = new PingData(local_addr, false, NameCache.get(local_addr), own);
        if (members != null && members.size() <= max_members_in_discovery_request) {
            data.mbrs(members);
        }
        ByteArray payload = marshal(data);
        PingHeader header = new PingHeader(PingHeader.GET_MBRS_REQ)
                .clusterName(cluster_name)
                .initialDiscovery(initial);
        for (PhysicalAddress target : targets()) {
            if (target.equals(own)) {
                continue;
            }
            Message request = new BytesMessage(target)
                    .setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.OOB)
                    .setFlag(Message.TransientFlag.DONT_LOOPBACK)
                    .putHeader(id, header)
                    .setArray(payload);
            // Sending opens a connection and waits for it: a dead seed must not hold up the others.
            timer.execute(() -> send(request), true);
        }
    }

    @Override
    protected @Nullable List<PingData> readPingData(byte @Nullable [] buffer, int offset, int length) {
        if (buffer == null || length < Integer.BYTES) {
            return null;
        }
        // Room for a list is made by this number, which a stranger chose.
        int entries = Bits.readInt(buffer, offset);
        return entries < 0 || entries > length / MIN_PING_DATA_BYTES
                ? null
                : super.readPingData(buffer, offset, length);
    }

    private void send(Message request) {
        try {
            down_prot.down(request);
        } catch (RuntimeException e) {
            LOG.debug("no discovery request to {}: {}", request.getDest(), e.getMessage());
        }
    }

    /** Where seeds, and load balancers, are or were lately. */
    Collection<IpAddress> targets() {
        Set<IpAddress> targets = new LinkedHashSet<>(seeds.get().addresses());
        long now = System.nanoTime();
        synchronized (remembered) {
            remembered.values().removeIf(seen -> now - seen > REMEMBERED_NANOS);
            targets.addAll(remembered.keySet());
        }
        return targets;
    }

    private void remember(View view) {
        List<IpAddress> loadBalancers = new ArrayList<>();
        for (Address address : view.getMembers()) {
            MemberAddress.decode(address)
                    .filter(member -> member.role() == Role.LOAD_BALANCER)
                    .map(Member::address)
                    .ifPresent(at -> loadBalancers.add(new IpAddress(at)));
        }
        long now = System.nanoTime();
        synchronized (remembered) {
            for (IpAddress address : loadBalancers) {
                remembered.remove(address);
                remembered.put(address, now);
            }
            Iterator<IpAddress> oldest = remembered.keySet().iterator();
            while (remembered.size() > MAX_REMEMBERED) {
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** One line when the places to look at change, not one for each attempt. */
    private void sayWhere() {
        SeedReading reading = seeds.get();
        Set<String> places = new LinkedHashSet<>(reading.places().keySet());
        List<IpAddress> named = reading.addresses();
        for (IpAddress target : targets()) {
            if (!named.contains(target)) {
                places.add(HostPort.of(new InetSocketAddress(target.getIpAddress(), target.getPort())));
            }
        }
        String line = places.isEmpty()
                ? "looking for a load balancer, but no seed names one yet"
                : "looking for a load balancer at " + String.join(", ", places);
        // Before the seeds were read nobody knows what they name.
        if ((reading.read() || !places.isEmpty()) && !line.equals(said)) {
            said = line;
            LOG.info(line);
        }
    }

    private void pause(long millis) {
        long jittered = millis * 3 / 4 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        try {
            boolean woken = wake.tryAcquire(jittered, TimeUnit.MILLISECONDS);
            LOG.trace("searching again, woken {}", woken);
        } catch (InterruptedException e) {
            givenUp = true;
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasCoordinator(Responses responses) {
        for (PingData found : responses) {
            if (found.isCoord()) {
                return true;
            }
        }
        return false;
    }
}
