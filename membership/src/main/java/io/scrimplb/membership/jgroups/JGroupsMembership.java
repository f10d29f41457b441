package io.scrimplb.membership.jgroups;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.HostPort;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.MembershipException;
import io.scrimplb.membership.MembershipException.Reason;
import io.scrimplb.membership.MembershipSpec;
import io.scrimplb.membership.MembershipStats;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.exchange.Exchange;
import io.scrimplb.membership.transport.MemberAddress;
import io.scrimplb.membership.transport.MemberNetwork;
import io.scrimplb.membership.transport.SafeMessages;
import io.scrimplb.membership.transport.Versions;
import io.scrimplb.membership.trust.Credentials;
import io.scrimplb.seed.SeedProvider;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.JChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A place in a JGroups cluster, over a network of our own. */
public final class JGroupsMembership implements Membership {
    private static final Logger LOG = LoggerFactory.getLogger(JGroupsMembership.class);
    /** Time a starting load balancer gives its seed source before it founds a cluster, to merge later; ms. */
    private static final long FIRST_SEEDS_MILLIS = 2_000;
    /** Longest time between two readings of the seeds, ms: of a backend without a load balancer, */
    private static final long BACKEND_READS_MILLIS = 5_000;
    /** and of a load balancer that may be the only one on purpose. */
    private static final long LOAD_BALANCER_READS_MILLIS = 15_000;

    /** Pause of a backend after a join that failed, ms; doubled each time up to the longest. */
    private static final long JOIN_PAUSE_MILLIS = 500;

    private static final long LONGEST_JOIN_PAUSE_MILLIS = 30_000;
    private static final long CLOSE_MILLIS = 1_500;
    /** Longest time that the start of a load balancer waits for its cluster, ms. */
    private static final long ENTER_MILLIS = 8_000;
    /** How often that start looks whether it waits in vain, ms. */
    private static final long STEP_MILLIS = 50;

    private final MembershipSpec spec;
    private final Conversation conversation;
    private final MemberNetwork network;
    private final SeedBook seeds;
    private final SeedDoubts doubts;
    private final ClusterStack stack;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    /** On the conversation's thread only. */
    private boolean hasLoadBalancer;

    private boolean lonelyBefore = true;
    private boolean sawCluster;

    private JGroupsMembership(
            MembershipSpec spec, SeedProvider provider, MembershipEvents events, MemberNetwork network)
            throws Exception {
        this.spec = spec;
        this.network = network;
        Member self = MemberAddress.decode(network.address()).orElseThrow();
        this.conversation = new Conversation(self, events, this::viewed);
        this.seeds = new SeedBook(
                provider,
                spec.role() == Role.LOAD_BALANCER && provider.store().isPresent(),
                spec.role() == Role.BACKEND ? BACKEND_READS_MILLIS : LOAD_BALANCER_READS_MILLIS,
                this::lonely,
                this::seedsRead,
                conversation::trouble);
        this.doubts = new SeedDoubts(
                spec.clusterName(),
                spec.role(),
                network.versions(),
                network::reach,
                conversation::trouble,
                System::nanoTime);
        this.stack =
                ClusterStack.build(spec, network, seeds::reading, doubts, conversation::suspectsChanged, conversation);
        conversation.attach(stack.channel(), stack.suspicions()::contains, network::peer);
    }

    /**
     * Begins to load what {@link #start} will need, on a thread of its own, while the caller reads its configuration: on
     * a machine with two processors a member is in its cluster some tenths of a second sooner. Need not be called.
     */
    public static void prepare() {
        Thread preparing = new Thread(Preparation::run, "scrimp-prepare");
        preparing.setDaemon(true);
        preparing.start();
    }

    /**
     * Enters the cluster. A load balancer joins the one its seeds lead to or founds one, which takes about half a
     * second, more when the seed source is slow or an address does not answer, and at most {@value #ENTER_MILLIS} ms.
     * When its seeds lead to members that it cannot join, such as those with another secret, it goes on trying in the
     * background and founds none. A backend only binds its port here and joins in the background, for as long as it
     * takes; it never founds a cluster.
     *
     * <p>The first call in a process sets JGroups' message factories and log for the whole process.
     *
     * @param credentials what this member proves itself with; null for a cluster without a secret
     * @param seeds where to look for others; read on a thread of the membership, not closed by it
     * @throws MembershipException when the address is refused, the port is taken or the cluster cannot be started
     */
    public static Membership start(
            MembershipSpec spec, @Nullable Credentials credentials, SeedProvider seeds, MembershipEvents events)
            throws MembershipException {
        return start(spec, credentials, Versions.OWN, seeds, events);
    }

    /** Also for tests, as a program of other versions. */
    static Membership start(
            MembershipSpec spec,
            @Nullable Credentials credentials,
            Versions versions,
            SeedProvider seeds,
            MembershipEvents events)
            throws MembershipException {
        OwnHostName.lookedUpBy(SafeMessages::install).ifPresent(LOG::warn);
        BindRules.check(spec.bindAddress(), credentials != null);
        if (credentials != null) {
            Thread rehearsing = new Thread(credentials::rehearse, "scrimp-rehearse");
            rehearsing.setDaemon(true);
            rehearsing.start();
        }
        MemberNetwork network = MemberNetwork.open(spec, credentials, versions);
        JGroupsMembership membership = null;
        boolean entered = false;
        try {
            membership = new JGroupsMembership(spec, seeds, events, network);
            membership.enter();
            entered = true;
            return membership;
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new MembershipException(
                    Reason.FAILED,
                    "the cluster '" + spec.clusterName() + "' cannot be entered at "
                            + spec.bindAddress().getHostAddress() + ": " + e.getMessage(),
                    e);
        } finally {
            // Also after an Error, which the caller may survive.
            if (!entered) {
                if (membership != null) {
                    membership.close();
                }
                network.close();
            }
        }
    }

    @Override
    public ClusterView view() {
        return conversation.view();
    }

    @Override
    public boolean joined() {
        return joined.isDone();
    }

    @Override
    public void whenJoined(Runnable task) {
        joined.thenRun(task).exceptionally(fault -> {
            LOG.error("what was to follow the joining of the cluster failed", fault);
            return null;
        });
    }

    @Override
    public void announce(Announcement announcement) {
        if (spec.role() != Role.BACKEND) {
            throw new IllegalStateException("a load balancer has nothing to announce");
        }
        conversation.announce(announcement);
    }

    @Override
    public void tell(String loadBalancerId, String topic, String content) {
        if (spec.role() != Role.LOAD_BALANCER) {
            throw new IllegalStateException("a backend has nothing to tell load balancers but what it offers");
        }
        conversation.tell(loadBalancerId, topic, content);
    }

    @Override
    public MembershipStats stats() {
        Exchange exchange = conversation.exchange();
        ClusterStack.Counts counts = stack.counts();
        return new MembershipStats(
                exchange.ignoredMessages(),
                exchange.hostileMessages()
                        + conversation.droppedMessages()
                        + counts.refusedMessages().getAsLong(),
                network.refusedFrames() + counts.refusedFragments().getAsLong(),
                exchange.refusedApplications(),
                network.refusedConnections(),
                network.unsentMessages() + counts.unsentMessages().getAsLong(),
                counts.overflowedMessages().getAsLong());
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        closed.countDown();
        seeds.close();
        stack.discovery().giveUp();
        // JGroups waits for answers of others in places; whatever it waits for, the caller goes on in time.
        Thread leaving = new Thread(stack.channel()::close, "scrimp-leave");
        leaving.setDaemon(true);
        leaving.start();
        try {
            leaving.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        conversation.close();
        network.close();
    }

    /** For tests that break things. */
    JChannel channel() {
        return stack.channel();
    }

    /** For tests that break things. */
    MemberNetwork network() {
        return network;
    }

    private void enter() throws InterruptedException {
        seeds.start();
        Thread joining = new Thread(this::join, "scrimp-join");
        joining.setDaemon(true);
        joining.start();
        if (spec.role() == Role.LOAD_BALANCER && !entersSoon()) {
            LOG.warn("starting without the cluster '{}', which is still looked for", spec.clusterName());
        }
    }

    /** Waits until this member is in a cluster, or it shows that it cannot be. */
    private boolean entersSoon() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ENTER_MILLIS);
        while (!joins(STEP_MILLIS)) {
            boolean barred = seeds.reading().addresses().stream()
                    .map(at -> network.reach(new InetSocketAddress(at.getIpAddress(), at.getPort())))
                    .anyMatch(reach -> reach.outcome().forbidsFounding());
            if (barred || System.nanoTime() - deadline > 0) {
                return false;
            }
        }
        return true;
    }

    private boolean joins(long millis) throws InterruptedException {
        try {
            joined.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed so", e);
        }
    }

    /** Joins, however long it takes and whatever comes between, until this member closes. */
    private void join() {
        long pause = JOIN_PAUSE_MILLIS;
        String told = "";
        while (!closing.get()) {
            try {
                // Without a seed the first look would be in vain, and the second is half a second later.
                if (!seeds.awaitFirst(FIRST_SEEDS_MILLIS) && spec.role() == Role.LOAD_BALANCER) {
                    LOG.warn("the seed source is slow; starting without it, others are joined when it answers");
                }
                stack.channel().connect(spec.clusterName());
                joined.complete(null);
                return;
            } catch (SeedDiscovery.GivenUp e) {
                LOG.debug("closed while joining");
                return;
            } catch (Throwable e) {
                if (closing.get()) {
                    return;
                }
                LOG.debug("joining failed", e);
                String message =
                        "joining the cluster '" + spec.clusterName() + "' failed, trying again: " + e.getMessage();
                if (!message.equals(told)) {
                    told = message;
                    LOG.warn(message);
                    conversation.trouble(message);
                }
            }
            if (closes(pause)) {
                return;
            }
            pause = Math.min(LONGEST_JOIN_PAUSE_MILLIS, pause * 2);
        }
    }

    /** Waits, and says whether this member closes meanwhile. */
    private boolean closes(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Whether this member misses somebody whom the seeds may lead to: a load balancer other than itself. */
    private boolean lonely() {
        ClusterView view = conversation.view();
        return view.members().stream()
                .noneMatch(m -> m.role() == Role.LOAD_BALANCER
                        && !m.id().equals(view.self().id()));
    }

    private void seedsRead() {
        stack.discovery().seedsRead();
        if (joined.isDone() && lonely()) {
            stack.merge().kick();
            doubts.lonely(seeds.reading());
        }
    }

    /** Says what changed for this member in one line, and looks around when it lost everybody it needs. */
    private void viewed(ClusterView view) {
        boolean has = seesLoadBalancer(view);
        String size = view.members().size() == 1 ? "alone" : view.members().size() + " members";
        if (!sawCluster) {
            sawCluster = true;
            String deed = view.alone() ? "founded" : "joined";
            LOG.info(
                    "{} the cluster '{}' as {}, {}",
                    deed,
                    spec.clusterName(),
                    HostPort.of(view.self().address()),
                    size);
        } else if (spec.role() == Role.BACKEND && has != hasLoadBalancer) {
            if (has) {
                LOG.info("back with a load balancer in the cluster '{}', {}", spec.clusterName(), size);
            } else {
                LOG.warn("no load balancer is left in the cluster '{}'; looking for one", spec.clusterName());
            }
        }
        hasLoadBalancer = has;
        boolean misses = lonely();
        if (misses && !lonelyBefore) {
            seeds.companyLost();
        }
        lonelyBefore = misses;
    }

    private static boolean seesLoadBalancer(ClusterView view) {
        return view.members().stream().anyMatch(m -> m.role() == Role.LOAD_BALANCER);
    }
}
