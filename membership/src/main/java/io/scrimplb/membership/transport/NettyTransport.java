package io.scrimplb.membership.transport;

import io.scrimplb.membership.Member;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.stack.DiagnosticsHandler;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.MaxOneThreadPerSender;
import org.jgroups.util.MessageBatch;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' transport over a {@link MemberNetwork}. A message travels without addresses and without the cluster's name:
 * the connection knows them ({@link MessageFrames}). Where a member is reached stands in its own address, so that no cache of addresses can be
 * poisoned.
 */
public final class NettyTransport extends TP {
    /** Decides about messages of members before JGroups sees them. */
    public interface Gate {
        /** Whether a message is the sender's to send. Called on the loop, must not block. */
        boolean lets(Peer from, Message message);

        /** A view was installed. */
        void viewChanged(View view);
    }

    /** Time for what one said who is gone now to be read, ms. */
    private static final long FORGET_MILLIS = 2_000;

    private final MemberNetwork network;
    private final Gate gate;
    private final Backlog backlog = new Backlog(System::nanoTime);
    private final LongAdder overflowed = new LongAdder();
    private final Set<UUID> viewed = ConcurrentHashMap.newKeySet();
    private volatile boolean started;

    public NettyTransport(MemberNetwork network, Gate gate) {
        this.network = network;
        this.gate = gate;
        setId(ClassConfigurator.getProtocolId(TCP.class));
        setBundler(new MessageFrames.Writer());
        bind_port = network.reachedAt().getPort();
        bind_addr = network.reachedAt().getAddress();
    }

    /** No diagnostics: they would open a multicast socket that answers anybody. */
    @Override
    public DiagnosticsHandler createDiagnosticsHandler() {
        return super.createDiagnosticsHandler().setEnabled(false);
    }

    @Override
    public boolean supportsMulticasting() {
        return false;
    }

    @Override
    protected PhysicalAddress getPhysicalAddress() {
        return new IpAddress(network.reachedAt());
    }

    @Override
    public void start() throws Exception {
        super.start();
        started = true;
        network.attach(new Arrivals());
    }

    @Override
    public void stop() {
        started = false;
        network.attach(null);
        super.stop();
    }

    @Override
    protected void handleConnect() {
        // The connection's introduction compared the names; every message would carry it otherwise.
        header = null;
    }

    @Override
    public Object down(Event event) {
        Object result = super.down(event);
        if (event.getType() == Event.VIEW_CHANGE || event.getType() == Event.TMP_VIEW) {
            View next = event.arg();
            viewChanged(next, event.getType() == Event.VIEW_CHANGE);
        }
        return result;
    }

    @Override
    public void sendUnicast(PhysicalAddress to, byte[] data, int offset, int length) {
        if (to instanceof IpAddress at) {
            network.send(null, new InetSocketAddress(at.getIpAddress(), at.getPort()), data, offset, length);
        }
    }

    @Override
    protected void sendTo(Address to, byte[] data, int offset, int length) throws Exception {
        InetSocketAddress place = place(to);
        if (place != null && to instanceof org.jgroups.util.UUID id) {
            network.send(unique(id), place, data, offset, length);
        } else {
            super.sendTo(to, data, offset, length);
        }
    }

    @Override
    protected void sendToAll(byte[] data, int offset, int length) throws Exception {
        Collection<Address> all;
        synchronized (members) {
            all = new ArrayList<>(members);
        }
        for (Address member : all) {
            if (!member.equals(local_addr)) {
                sendTo(member, data, offset, length);
            }
        }
    }

    /** Messages that were dropped because too many waited. Any thread. */
    public long overflowedMessages() {
        return overflowed.sum();
    }

    @Override
    public void passMessageUp(Message message, boolean matchCluster, boolean multicast, boolean discardOwn) {
        Address from = message.getSrc();
        int bytes = SafeMessages.payloadBytes(message);
        boolean urgent = message.isFlagSet(Message.Flag.OOB);
        try {
            super.passMessageUp(message, matchCluster, multicast, discardOwn);
        } finally {
            done(from, bytes);
            if (urgent && from instanceof org.jgroups.util.UUID id && !from.equals(local_addr)) {
                backlog.leaveUrgent(unique(id));
            }
        }
    }

    @Override
    public void passBatchUp(MessageBatch batch, boolean matchCluster, boolean discardOwn) {
        Address from = batch.sender();
        // Before the protocols take messages out of it.
        int[] bytes = batch.stream().mapToInt(SafeMessages::payloadBytes).toArray();
        try {
            super.passBatchUp(batch, matchCluster, discardOwn);
        } finally {
            for (int each : bytes) {
                done(from, each);
            }
        }
    }

    private void done(@Nullable Address from, int bytes) {
        if (from instanceof org.jgroups.util.UUID id && !from.equals(local_addr)) {
            backlog.leave(unique(id), bytes);
        }
    }

    private void viewChanged(View view, boolean settled) {
        List<UUID> now = new ArrayList<>();
        for (Address member : view.getMembers()) {
            InetSocketAddress at = place(member);
            if (at != null) {
                // For those who ask where the members are.
                addPhysicalAddressToCache(member, new IpAddress(at));
            }
            if (member instanceof org.jgroups.util.UUID id) {
                now.add(unique(id));
            }
        }
        viewed.addAll(now);
        if (settled) {
            List<UUID> gone = new ArrayList<>(viewed);
            gone.removeAll(now);
            gone.forEach(viewed::remove);
            network.left(gone);
            gate.viewChanged(view);
        }
    }

    private static @Nullable InetSocketAddress place(Address member) {
        return MemberAddress.decode(member).map(Member::address).orElse(null);
    }

    private static UUID unique(org.jgroups.util.UUID id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private final class Arrivals implements Receiver {
        @Override
        public void received(Peer from, byte[] frame) throws IOException {
            Message message = MessageFrames.read(from, frame);
            message.setSrc(from.address());
            if (!started || local_addr == null) {
                return;
            }
            message.setDest(MessageFrames.toAll(frame) ? null : local_addr);
            if (!gate.lets(from, message)) {
                return;
            }
            int bytes = SafeMessages.payloadBytes(message);
            if (!backlog.enter(from.id(), bytes)) {
                overflowed.increment();
                return;
            }
            boolean urgent = message.isFlagSet(Message.Flag.OOB);
            if (urgent && !backlog.enterUrgent(from.id())) {
                // Else a flood from one would take all threads, and the others' heartbeats find none.
                message.clearFlag(Message.Flag.OOB);
                urgent = false;
            }
            if (!msg_processing_policy.process(message, urgent) && urgent) {
                // No thread took it; others stay in a queue until one does.
                backlog.leaveUrgent(from.id());
                backlog.leave(from.id(), bytes);
            }
            msg_stats.received(message);
        }

        @Override
        public void gone(Peer peer) {
            backlog.forget(peer.id());
            if (!started || viewed.contains(peer.id())) {
                return;
            }
            // JGroups keeps what it learned of one who never joined until the next view, which may not come for days.
            getTimer().schedule(() -> forget(peer), FORGET_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void forget(Peer peer) {
            if (!started || viewed.contains(peer.id()) || network.peer(peer.id()) != null) {
                return;
            }
            UNICAST3 unicast = getProtocolStack().findProtocol(UNICAST3.class);
            if (unicast != null) {
                unicast.removeSendConnection(peer.address());
                unicast.removeReceiveConnection(peer.address());
            }
            if (msg_processing_policy instanceof MaxOneThreadPerSender queues) {
                synchronized (members) {
                    queues.viewChange(new ArrayList<>(members));
                }
            }
        }

        @Override
        public void lost(Peer peer) {
            if (!started || !viewed.contains(peer.id())) {
                return;
            }
            Event suspect = new Event(Event.SUSPECT, List.of(peer.address()));
            Runnable tell = () -> up_prot.up(suspect);
            if (!thread_pool.execute(tell)) {
                getThreadFactory().newThread(tell, "scrimp-suspect").start();
            }
        }

        @Override
        public boolean isMember(Peer peer) {
            return viewed.contains(peer.id());
        }
    }
}
