package io.scrimplb.app.control;

import io.scrimplb.app.certificates.TlsMaterial;
import io.scrimplb.app.registry.MemberChange;
import io.scrimplb.app.registry.Registry;
import io.scrimplb.app.registry.RegistryPolicy;
import io.scrimplb.app.registry.RegistryStatus;
import io.scrimplb.app.registry.StaticApplication;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a change: mailbox → registry → spec → one swap. All work is done on one thread of its own, which nothing
 * that goes wrong ends. Posting is thread-safe and returns at once.
 */
public final class ControlLoop implements MembershipEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    /** Deadlines are told by the wall clock, which may be set: look again after so long at the latest. */
    private static final long MAX_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    private final Registry registry;
    private final SpecApplier applier;
    private final ControlListener listener;
    private final Clock clock;
    private final Mailbox mailbox = new Mailbox();
    private final Pacer pacer;
    private final ProblemBoard board = new ProblemBoard(LOG);
    private final RouteLog routeLog = new RouteLog(LOG);
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();

    private @Nullable ProxySpec inForce;
    private Set<String> unbound = Set.of();
    private Set<String> terminatedHosts = Set.of();
    private volatile ControlStatus status = ControlStatus.EMPTY;

    /**
     * @param registry handed over: nobody else may touch it from here on
     * @param applier brings specs into force
     * @param listener is told what was done
     * @param timing pace of the swaps
     * @param clock the registry's clock
     */
    public ControlLoop(
            Registry registry, SpecApplier applier, ControlListener listener, ControlTiming timing, Clock clock) {
        this.registry = registry;
        this.applier = applier;
        this.listener = listener;
        this.clock = clock;
        this.pacer = new Pacer(timing);
        this.thread = new Thread(this::run, "scrimp-control");
        this.thread.setDaemon(true);
    }

    /**
     * Applies the first spec on the calling thread, then starts the control thread. Events may be posted before.
     *
     * @param material what TLS listeners can show from the start
     * @return what the proxy had to leave out, such as a port that is taken
     * @throws IllegalStateException when it was started before
     */
    public List<SpecProblem> start(List<StaticApplication> staticApplications, TlsMaterial material) {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the control loop was started before");
        }
        registry.staticApplications(staticApplications);
        // In the first spec already: no client shall be shown a makeshift certificate while there is a better one.
        registry.material(material);
        List<SpecProblem> problems = swap();
        publish();
        thread.start();
        return problems;
    }

    @Override
    public void viewChanged(ClusterView view) {
        mailbox.view(view);
    }

    @Override
    public void announced(Member member, Announcement announcement, Claims claims) {
        mailbox.announced(member, announcement, claims);
    }

    @Override
    public void troubled(String message) {
        mailbox.troubled(message);
    }

    /** Replaces the applications of the operator's own file, after a reload. */
    public void staticApplications(List<StaticApplication> applications) {
        mailbox.statics(applications);
    }

    /** Replaces what the operator decided, after a reload; see {@link Registry#policy}. */
    public void policy(RegistryPolicy policy) {
        mailbox.policy(policy);
    }

    /** Replaces what TLS listeners can show; certificates change without any other part of the table. */
    public void material(TlsMaterial material) {
        mailbox.material(material);
    }

    /** What is known and in force. Any thread; at most a moment old. */
    public ControlStatus status() {
        return status;
    }

    /** Ends the control thread; what is in force stays in force. Waits for at most 2 s. Idempotent. */
    @Override
    public void close() {
        mailbox.close();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            try {
                List<Mailbox.Event> events = mailbox.take(sleepNanos());
                if (events == null) {
                    return;
                }
                turn(events);
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread; closing goes through the mailbox.
                LOG.debug("interrupted", e);
            } catch (RuntimeException | Error e) {
                LOG.error("a change could not be worked off; the table in force stays, please report this", e);
                pacer.swapped(System.nanoTime(), false);
            }
        }
    }

    private long sleepNanos() {
        long now = System.nanoTime();
        long wait = Math.min(MAX_SLEEP_NANOS, pacer.nanosUntilDue(now));
        wait = until(registry.nextDeadline(), wait);
        wait = until(routeLog.budget().due(), wait);
        wait = until(board.budget().due(), wait);
        return Math.max(0, wait);
    }

    private long until(Optional<Instant> deadline, long waitNanos) {
        if (deadline.isEmpty()) {
            return waitNanos;
        }
        Duration left = Duration.between(clock.instant(), deadline.get());
        return left.compareTo(Duration.ofNanos(waitNanos)) < 0 ? left.toNanos() : waitNanos;
    }

    private void turn(List<Mailbox.Event> events) {
        boolean changed = false;
        for (Mailbox.Event event : events) {
            changed |= take(event);
        }
        changed |= registry.expire();
        routeLog.budget().tick(clock.instant());
        board.budget().tick(clock.instant());
        if (changed) {
            pacer.want();
        }
        if (pacer.due(System.nanoTime())) {
            swap();
            publish();
        } else if (!events.isEmpty()) {
            publishTroubles(events);
        }
    }

    /** A hostile or unlucky event costs itself and nothing else. */
    private boolean take(Mailbox.Event event) {
        try {
            if (event instanceof Mailbox.ViewEvent view) {
                Registry.ViewOutcome outcome = registry.view(view.view());
                outcome.members().forEach(this::tell);
                return outcome.changed();
            }
            if (event instanceof Mailbox.AnnouncementEvent announcement) {
                boolean changed = registry.announced(announcement.member, announcement.latest, announcement.claims);
                if (changed && LOG.isDebugEnabled()) {
                    LOG.debug(
                            "{} offers {} applications",
                            announcement.member.id(),
                            announcement.latest.applications().size());
                }
                return changed;
            }
            if (event instanceof Mailbox.StaticsEvent statics) {
                return registry.staticApplications(statics.applications());
            }
            if (event instanceof Mailbox.PolicyEvent fresh) {
                return registry.policy(fresh.policy());
            }
            if (event instanceof Mailbox.MaterialEvent certificates) {
                return registry.material(certificates.material());
            }
            if (event instanceof Mailbox.TroubleEvent trouble) {
                board.troubled(trouble.message(), clock.instant());
            }
            return false;
        } catch (RuntimeException e) {
            LOG.error("an event of the cluster could not be worked off and is dropped; please report this", e);
            return true;
        }
    }

    private void tell(MemberChange change) {
        LOG.info("{} {}: {}", roleText(change), change.handle(), change.event().label());
        listener.memberChanged(change);
    }

    private static String roleText(MemberChange change) {
        return switch (change.role()) {
            case LOAD_BALANCER -> "load balancer";
            case BACKEND -> "backend";
        };
    }

    private List<SpecProblem> swap() {
        ProxySpec next = registry.spec();
        List<SpecProblem> problems = List.of();
        boolean again = !unbound.isEmpty();
        if (again || !next.equals(inForce)) {
            try {
                problems = applier.apply(next);
            } catch (RuntimeException | Error e) {
                pacer.swapped(System.nanoTime(), false);
                throw e;
            }
            inForce = next;
            unbound = unboundListeners(problems);
            board.fromProxy(problems, clock.instant());
        }
        pacer.swapped(System.nanoTime(), unbound.isEmpty());
        return problems;
    }

    private static Set<String> unboundListeners(List<SpecProblem> problems) {
        Set<String> names = new HashSet<>();
        for (SpecProblem problem : problems) {
            if (problem.bindFailure()) {
                names.add(problem.object());
            }
        }
        return names;
    }

    private void publish() {
        List<ListenerStatus> listeners = new ArrayList<>();
        ProxySpec spec = inForce == null ? ProxySpec.empty() : inForce;
        for (ListenerSpec listenerSpec : spec.listeners()) {
            listeners.add(new ListenerStatus(
                    listenerSpec.name(),
                    listenerSpec.address().getAddress().getHostAddress() + ":"
                            + listenerSpec.address().getPort(),
                    protocol(listenerSpec),
                    !unbound.contains("listener " + listenerSpec.name())));
        }
        RegistryStatus known = registry.status();
        Instant now = clock.instant();
        routeLog.settle(known.applications(), now);
        Set<String> hosts = registry.terminatedHosts();
        if (!hosts.equals(terminatedHosts)) {
            terminatedHosts = hosts;
            listener.terminatedHosts(hosts);
        }
        status = new ControlStatus(
                spec.revision(), known, listeners, board.settle(known.problems(), now), registry.settled());
    }

    private static String protocol(ListenerSpec listener) {
        if (listener instanceof HttpListenerSpec http) {
            return http.tls() ? "https" : http.redirectPort().isPresent() ? "redirect" : "http";
        }
        return "tcp";
    }

    /** Only a trouble asks for the page to be renewed at once; all else comes with the swap that is due soon. */
    private void publishTroubles(List<Mailbox.Event> events) {
        if (events.stream().anyMatch(Mailbox.TroubleEvent.class::isInstance)) {
            publish();
        }
    }
}
