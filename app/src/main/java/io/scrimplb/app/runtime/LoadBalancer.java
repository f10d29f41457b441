package io.scrimplb.app.runtime;

import io.scrimplb.app.accesslog.AccessLogFormat;
import io.scrimplb.app.accesslog.QueuedAccessLog;
import io.scrimplb.app.acme.AcmeService;
import io.scrimplb.app.admin.AdminServer;
import io.scrimplb.app.admin.AdminSources;
import io.scrimplb.app.admin.AdminStatus;
import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.certificates.CertificateFollower;
import io.scrimplb.app.config.AccessLogConfig;
import io.scrimplb.app.config.ConfigException;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.Problem;
import io.scrimplb.app.config.TlsConfig;
import io.scrimplb.app.control.ControlListener;
import io.scrimplb.app.control.ControlLoop;
import io.scrimplb.app.control.ControlStatus;
import io.scrimplb.app.control.ControlTiming;
import io.scrimplb.app.metrics.Metrics;
import io.scrimplb.app.registry.MemberChange;
import io.scrimplb.app.registry.Registry;
import io.scrimplb.app.registry.RegistryPolicy;
import io.scrimplb.membership.Membership;
import io.scrimplb.membership.Role;
import io.scrimplb.proxy.ProxyOptions;
import io.scrimplb.proxy.ProxyServer;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import io.scrimplb.proxy.telemetry.AccessLog;
import io.scrimplb.seed.SeedProvider;
import io.scrimplb.seed.SeedPublisher;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running load balancer: the proxy, the control loop that feeds it, the place in the cluster, the seed it publishes and the
 * admin address. Thread-safe; ended once, by {@link #drain} and {@link #close}.
 */
public final class LoadBalancer implements RunningRole {
    private static final Logger log = LoggerFactory.getLogger(LoadBalancer.class);

    private final ListenDefaults listen;
    private volatile LoadedConfig loaded;
    /** Of the start, since a reload leaves the cluster as it is. */
    private final boolean secured;
    /** Of the start too: automatic certificates come and go with a restart. */
    private final TlsConfig startedTls;

    private final Metrics metrics = new Metrics();
    private final @Nullable QueuedAccessLog accessLog;
    private final ProxyServer proxy;
    private final ControlLoop control;
    private final CertificateBoard certificates = new CertificateBoard(Clock.systemUTC());
    private final CertificateFollower certificateFiles = new CertificateFollower(certificates);
    private final Readiness readiness;
    private final long startNanos = System.nanoTime();
    private @Nullable SeedProvider seeds;
    private @Nullable AdminServer admin;
    private volatile @Nullable Membership membership;
    private volatile @Nullable Placement placement;
    private volatile Optional<SeedPublisher> publisher = Optional.empty();
    private volatile Optional<AcmeService> acme = Optional.empty();

    private LoadBalancer(LoadedConfig loaded, ListenDefaults listen) {
        this.loaded = loaded;
        this.secured = loaded.config().cluster().secured();
        this.startedTls = loaded.config().loadBalancer().tls();
        this.listen = listen;
        this.accessLog = accessLog(loaded.config().loadBalancer().accessLog());
        this.proxy = ProxyServer.create(ProxyOptions.defaults()
                .withTransport(loaded.config().loadBalancer().transport())
                .withTlsEngine(loaded.config().loadBalancer().tlsEngine())
                .withAccessLog(accessLog == null ? AccessLog.OFF : accessLog));
        ControlListener counting = new ControlListener() {
            @Override
            public void memberChanged(MemberChange change) {
                metrics.memberChanged(change.role(), change.event());
            }

            @Override
            public void terminatedHosts(Set<String> hosts) {
                acme.ifPresent(service -> service.held(hosts));
            }
        };
        this.control = new ControlLoop(
                new Registry(policy(loaded, Set.of()), Clock.systemUTC(), certificates.material()),
                this::apply,
                counting,
                ControlTiming.defaults(),
                Clock.systemUTC());
        this.readiness = new Readiness(
                this::inNoCluster,
                () -> control.status().settled(),
                () -> acme.map(AcmeService::notReady).orElse(List.of()),
                this::unbound,
                System::nanoTime);
        certificates.listen(control::material);
        metrics.traffic(proxy.traffic());
        metrics.certificates(certificates::status);
        metrics.members(role -> BackendStatus.count(membership, role));
    }

    /**
     * Starts everything; on failure nothing is left running.
     *
     * @param listen where to listen for clients
     */
    public static LoadBalancer start(LoadedConfig loaded, ListenDefaults listen) throws StartException {
        LoadBalancer made = new LoadBalancer(loaded, listen);
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
        SeedProvider provider = Cluster.seedProvider(loaded.config().seedSource());
        seeds = provider;
        admin = Admin.start(
                loaded.config().admin(),
                Role.LOAD_BALANCER,
                new AdminSources(readiness::notReady, metrics::scrape, this::adminStatus));
        // The cluster's port first: whether it can be had shows before any client is let in.
        Placement place = Placement.of(loaded, Role.LOAD_BALANCER);
        acme = AutomaticCertificates.start(startedTls, certificates, metrics);
        Membership joined = Cluster.join(
                loaded.config().cluster(), Role.LOAD_BALANCER, place, provider, new ClusterEvents(control, acme));
        membership = joined;
        acme.ifPresent(service -> service.connect(joined::tell));
        placement = place;
        certificateFiles.follow(Policies.files(loaded.config().loadBalancer()));
        // Known only now; it is in force before the first announcement is looked at.
        control.policy(policy(loaded, ownAddresses()));
        metrics.membership(joined::stats);
        control.start(StaticBackends.resolve(loaded.config().loadBalancer().staticBackends()), certificates.material());
        Publication publication = Publication.of(loaded, provider, clusterAddress(), metrics);
        // Others are not to be sent to a load balancer that found no cluster it can join.
        joined.whenJoined(() -> publish(publication));
        readiness.started();
        JoinHint.tell(loaded.config().cluster(), clusterAddress());
    }

    /** Also tells who waits for a challenge that it is answered from now on. */
    private List<SpecProblem> apply(ProxySpec spec) {
        List<SpecProblem> problems = proxy.apply(spec);
        acme.ifPresent(service -> service.applied(Challenges.shown(spec, problems)));
        return problems;
    }

    private RegistryPolicy policy(LoadedConfig config, Set<InetSocketAddress> own) {
        return Policies.of(config.config().loadBalancer(), startedTls, listen, own);
    }

    private void publish(Publication publication) {
        if (readiness.isDraining()) {
            return;
        }
        Optional<SeedPublisher> publishing = publication.start();
        publisher = publishing;
        if (readiness.isDraining()) {
            // It began meanwhile, and may not have seen the publisher.
            publishing.ifPresent(SeedPublisher::withdraw);
            publishing.ifPresent(SeedPublisher::close);
        }
    }

    /** Where no backend may send clients. */
    private Set<InetSocketAddress> ownAddresses() {
        Set<InetSocketAddress> own = new HashSet<>();
        InetSocketAddress reached = clusterAddress();
        own.add(reached);
        Placement place = placement;
        if (place != null) {
            own.add(place.bound(reached));
        }
        adminAddress().ifPresent(own::add);
        return own;
    }

    /** Where the cluster reaches this member. */
    public InetSocketAddress clusterAddress() {
        Membership joined = membership;
        if (joined == null) {
            throw new IllegalStateException("not in a cluster");
        }
        return joined.view().self().address();
    }

    /** Actual addresses of the listeners, by name. */
    public Map<String, InetSocketAddress> listeners() {
        return proxy.boundListeners();
    }

    /** The admin address; empty when it is off. */
    public Optional<InetSocketAddress> adminAddress() {
        return Optional.ofNullable(admin).map(AdminServer::address);
    }

    public ControlStatus status() {
        return control.status();
    }

    /** Reads the configuration again: claims, limits, timeouts and applications change, the access log's file is opened anew. */
    @Override
    public synchronized void reload() {
        if (accessLog != null) {
            accessLog.reopen();
        }
        try {
            LoadedConfig fresh = loaded.source().load();
            fresh.notes().forEach(note -> log.warn("{}", note));
            certificateFiles.follow(Policies.files(fresh.config().loadBalancer()));
            control.staticApplications(
                    StaticBackends.resolve(fresh.config().loadBalancer().staticBackends()));
            control.policy(policy(fresh, ownAddresses()));
            loaded = fresh;
            log.info("configuration reloaded; a change of the cluster, the seed source, the admin address, acme,"
                    + " state-dir, the transport, the tls-engine or the access log's form takes a restart");
        } catch (ConfigException e) {
            for (Problem problem : e.problems()) {
                log.error("not reloaded: {}", problem);
            }
        } catch (RuntimeException e) {
            log.error("not reloaded, please report this: {}", e.toString());
        }
    }

    /** Readiness fails, the cluster is left, nothing is accepted, what is in flight ends within the drain time. */
    @Override
    public boolean drain() {
        readiness.draining();
        Duration limit = loaded.config().loadBalancer().timeouts().drain();
        log.info("draining: {} in flight, at most {} s", proxy.activeExchanges(), limit.toSeconds());
        // Orders are left to others before the cluster is.
        acme.ifPresent(AcmeService::close);
        // Before that, so that leaving the cluster does not empty the table under requests in flight.
        control.close();
        publisher.ifPresent(SeedPublisher::withdraw);
        Membership joined = membership;
        if (joined != null) {
            joined.close();
        }
        boolean clean = proxy.drain(limit);
        if (!clean) {
            log.warn("drain time is over: {} in flight are cut", proxy.activeExchanges());
        }
        return clean;
    }

    @Override
    public void close() {
        readiness.draining();
        acme.ifPresent(AcmeService::close);
        control.close();
        publisher.ifPresent(SeedPublisher::close);
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
        certificateFiles.close();
        proxy.close();
        if (accessLog != null) {
            accessLog.close();
        }
        metrics.close();
    }

    private boolean inNoCluster() {
        Membership joined = membership;
        return joined != null
                && !joined.joined()
                && loaded.config().loadBalancer().staticBackends().isEmpty();
    }

    private List<String> unbound() {
        String port = Integer.toString(
                Policies.defaultPort(loaded.config().loadBalancer().tls().withAcmeOf(startedTls), listen));
        return proxy.boundListeners().containsKey(port) ? List.of() : List.of("listener " + port + " is not bound");
    }

    private AdminStatus adminStatus() {
        ControlStatus now = control.status();
        return new AdminStatus(
                Version.current(),
                "lb",
                Duration.ofNanos(System.nanoTime() - startNanos),
                secured,
                now.revision(),
                now.registry().members(),
                now.registry().applications(),
                now.listeners(),
                certificates.status(),
                AutomaticCertificates.problems(now, acme));
    }

    private static @Nullable QueuedAccessLog accessLog(AccessLogConfig config) {
        return switch (config.format()) {
            case OFF -> null;
            case JSON ->
                QueuedAccessLog.start(AccessLogFormat.JSON, config.file().orElse(null));
            case COMBINED ->
                QueuedAccessLog.start(AccessLogFormat.COMBINED, config.file().orElse(null));
        };
    }
}
