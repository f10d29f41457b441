package io.scrimplb.app.runtime;

import io.scrimplb.app.admin.AdminServer;
import io.scrimplb.app.admin.AdminSources;
import io.scrimplb.app.config.ApplicationDirectoryWatcher;
import io.scrimplb.app.config.BackendConfig;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.metrics.Metrics;
import io.scrimplb.app.registry.MemberEvent;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.Role;
import io.scrimplb.seed.SeedProvider;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running backend: announces its applications and follows the directory that describes them. Thread-safe. */
public final class Backend implements RunningRole {
    private static final Logger log = LoggerFactory.getLogger(Backend.class);

    private final LoadedConfig loaded;
    /** Between the empty offer and the leave; well above the time of one message in a data centre. */
    private static final long GOODBYE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ApplicationProbe probe = new ApplicationProbe();
    /** Made beside the start: a third of the time to the first routed request would be spent on it otherwise. */
    private final CompletableFuture<Metrics> metrics = CompletableFuture.supplyAsync(Metrics::new);

    private final BackendOffer offer;
    private final BackendStatus status;
    private @Nullable SeedProvider seeds;
    private @Nullable AdminServer admin;
    private @Nullable ApplicationDirectoryWatcher watcher;
    private volatile @Nullable Membership membership;
    private volatile boolean leaving;

    private Backend(LoadedConfig loaded) {
        this.loaded = loaded;
        this.offer = new BackendOffer(
                loaded.config().backend().applications(),
                loaded.config()
                        .cluster()
                        .advertiseAddress()
                        .map(InetAddress::getHostAddress)
                        .orElse(null));
        this.status = new BackendStatus(
                offer,
                loaded.config().cluster().secured(),
                Cluster.claims(loaded.config().cluster()));
    }

    /** Starts; joining goes on in the background for as long as it takes. On failure nothing is left running. */
    public static Backend start(LoadedConfig loaded) throws StartException {
        Backend made = new Backend(loaded);
        try {
            made.start();
            return made;
        } catch (StartException | RuntimeException | Error e) {
            // An Error too: a process that half stands would neither serve nor end.
            made.close();
            throw e;
        }
    }

    private void start() throws StartException {
        SeedProvider provider =
                new SameMachineSeeds(Cluster.seedProvider(loaded.config().seedSource()));
        seeds = provider;
        BackendConfig config = loaded.config().backend();
        if (config.applicationConfigDir().isPresent()) {
            watcher = ApplicationDirectoryWatcher.start(
                    config.applicationConfigDir().get(),
                    loaded.environment(),
                    reading -> offer.read(reading).ifPresent(this::announce));
        }
        // Joining goes on in the background: the rest of the start takes place beside it.
        Membership joining = Cluster.join(
                loaded.config().cluster(), Role.BACKEND, Placement.of(loaded, Role.BACKEND), provider, new Events());
        membership = joining;
        announce(offer.current());
        metrics.join().membership(joining::stats);
        metrics.join().members(role -> BackendStatus.count(membership, role));
        admin = Admin.start(
                loaded.config().admin(),
                Role.BACKEND,
                new AdminSources(this::notReady, metrics.join()::scrape, () -> status.adminStatus(membership)));
        if (offer.current().applications().isEmpty()) {
            log.warn("nothing to announce yet: name an application with --app NAME=PORT, in \"applications\", or in a"
                    + " file of application-config-dir");
        }
    }

    private void announce(Announcement announcement) {
        Membership joined = membership;
        if (joined != null) {
            joined.announce(announcement);
            probe.check(announcement, joined.view().self().address().getAddress());
            log.info(
                    "offers {}",
                    announcement.applications().stream()
                            .map(Application::name)
                            .collect(Collectors.joining(", ", "[", "]")));
        }
    }

    /** The file's own applications take a restart; the directory is followed all the time. */
    @Override
    public void reload() {
        log.info("a backend follows application-config-dir by itself; other changes take a restart");
    }

    /** Tells the others that it leaves: they stop sending to its applications at once. */
    @Override
    public boolean drain() {
        leaving = true;
        stopWatching();
        Membership joined = membership;
        if (joined != null) {
            // An empty offer says that this is no accident. It needs a moment to go out before the member does.
            joined.announce(offer.withdraw());
            LockSupport.parkNanos(GOODBYE_NANOS);
            joined.close();
        }
        return true;
    }

    private void stopWatching() {
        ApplicationDirectoryWatcher watching = watcher;
        if (watching != null) {
            watching.close();
        }
    }

    @Override
    public void close() {
        leaving = true;
        stopWatching();
        probe.close();
        Membership joined = membership;
        if (joined != null) {
            joined.close();
        }
        SeedProvider provider = seeds;
        if (provider != null) {
            provider.close();
        }
        AdminServer server = admin;
        if (server != null) {
            server.close();
        }
        metrics.join().close();
    }

    private List<String> notReady() {
        Membership joined = membership;
        if (leaving) {
            return List.of("leaving");
        }
        boolean balanced = joined != null
                && joined.view().members().stream().anyMatch(member -> member.role() == Role.LOAD_BALANCER);
        return balanced ? List.of() : List.of("no load balancer in sight");
    }

    private final class Events implements MembershipEvents {
        private @Nullable ClusterView before;

        @Override
        public void viewChanged(ClusterView view) {
            ClusterView last = before;
            before = view;
            for (Member member : view.members()) {
                if (last == null || last.member(member.id()).isEmpty()) {
                    metrics.join().memberChanged(member.role(), MemberEvent.JOIN);
                }
            }
            if (last != null) {
                for (Member member : last.members()) {
                    if (view.member(member.id()).isEmpty()) {
                        metrics.join().memberChanged(member.role(), MemberEvent.LEAVE);
                    }
                }
            }
        }

        @Override
        public void announced(Member member, Announcement announcement, Claims claims) {
            // What others offer is the load balancers' business.
        }

        @Override
        public void troubled(String message) {
            status.troubled(message);
        }
    }
}
