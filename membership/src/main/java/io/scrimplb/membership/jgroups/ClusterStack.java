package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.transport.MemberNetwork;
import io.scrimplb.membership.transport.NettyTransport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jgroups.JChannel;
import org.jgroups.Receiver;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.STABLE;

/**
 * The JGroups stack, bottom to top, with the reason for each of our settings.
 *
 * @param channel not connected yet
 */
record ClusterStack(
        JChannel channel, Counts counts, SeedDiscovery discovery, PromptMerge merge, Suspicions suspicions) {
    /**
     * What was counted since the start. Any thread.
     *
     * @param refusedMessages what JGroups' protocols were sent and our rules refused
     * @param refusedFragments frames with parts of messages that our rules refused
     * @param unsentMessages what was not sent to members that acknowledge nothing
     * @param overflowedMessages what was dropped unread, because too much waited
     */
    record Counts(
            LongSupplier refusedMessages,
            LongSupplier refusedFragments,
            LongSupplier unsentMessages,
            LongSupplier overflowedMessages) {}

    /**
     * Time for an answer to a backend's join, ms. The request is not lost while the coordinator lives; one that has many
     * newcomers at once answers late, and each request that is repeated meanwhile costs it an answer of the whole view.
     */
    private static final long BACKEND_JOIN_MILLIS = 1_500;
    /** A load balancer's; there are few, and while clusters merge, joins are dropped and have to be repeated. */
    private static final long LOAD_BALANCER_JOIN_MILLIS = 400;
    /** A load balancer whose joins fail so often leads a cluster of its own, and merges. */
    private static final int LOAD_BALANCER_JOIN_ATTEMPTS = 5;

    /** Threads of JGroups, which never wait for the network: it is the same number however many members there are. */
    private static final int MAX_THREADS = 16;

    private static final long IDLE_THREAD_MILLIS = 10_000;
    /** Time for a suspect to say that it lives, ms. */
    private static final long VERIFY_MILLIS = 300;
    /** Time the others have to agree to a leave, a merge or a view, ms. */
    private static final long LEAVE_MILLIS = 1_000;

    private static final long MERGE_MILLIS = 2_000;
    private static final long VIEW_ACK_MILLIS = 1_000;
    /**
     * Mean time between two words of what one has received, ms: until then the others keep what they sent. That is views
     * of a few kB, and JGroups has a limit of 2 MB beside, so memory is no hurry; but each word has some 50 bytes for
     * each member: once a minute, 100 members would tell their coordinator 8 kB a second.
     */
    private static final long STABLE_MILLIS = 600_000;

    static ClusterStack build(
            MembershipSpec spec,
            MemberNetwork network,
            Supplier<SeedReading> seeds,
            SeedDoubts doubts,
            Runnable suspectsChanged,
            Receiver receiver)
            throws Exception {
        Suspicions suspicions = new Suspicions(suspectsChanged);
        SenderRules rules = new SenderRules(spec.role(), suspicions::contains);
        NettyTransport transport = new NettyTransport(network, rules);
        transport.getThreadPool().setMaxThreads(MAX_THREADS).setKeepAliveTime(IDLE_THREAD_MILLIS);
        transport.getThreadPool().setIncreaseMaxSizeDynamically(false);

        SeedDiscovery discovery = new SeedDiscovery(spec.role(), seeds, network::reach, doubts);
        ViewRules viewRules = new ViewRules(network::peer);
        PromptMerge merge = new PromptMerge(discovery::targets, viewRules);
        BoundedFragments fragments = new BoundedFragments();
        BoundedViews views = new BoundedViews(viewRules);
        views.printLocalAddress(false)
                .printPhysicalAddress(false)
                .setJoinTimeout(spec.role() == Role.LOAD_BALANCER ? LOAD_BALANCER_JOIN_MILLIS : BACKEND_JOIN_MILLIS)
                .setMaxJoinAttempts(spec.role() == Role.LOAD_BALANCER ? LOAD_BALANCER_JOIN_ATTEMPTS : 0)
                .setLeaveTimeout(LEAVE_MILLIS)
                .setMergeTimeout(MERGE_MILLIS)
                .setViewAckCollectionTimeout(VIEW_ACK_MILLIS)
                .logViewWarnings(false)
                .setMembershipChangePolicy(new LoadBalancersFirst());
        BoundedMulticast multicast = new BoundedMulticast();
        BoundedUnicast unicast = new BoundedUnicast();
        JChannel channel = new JChannel(
                transport,
                discovery,
                merge,
                suspicions,
                new VERIFY_SUSPECT2().setTimeout(VERIFY_MILLIS),
                multicast,
                unicast,
                new STABLE().setDesiredAverageGossip(STABLE_MILLIS),
                views,
                fragments);
        channel.name(spec.memberName());
        channel.addAddressGenerator(network::address);
        channel.setReceiver(receiver);
        LongSupplier refused = () -> rules.barredMessages()
                + views.refusedMessages()
                + multicast.refusedMessages()
                + unicast.refusedMessages();
        Counts counts = new Counts(
                refused, fragments::refusedFragments, unicast::unsentMessages, transport::overflowedMessages);
        return new ClusterStack(channel, counts, discovery, merge, suspicions);
    }
}
