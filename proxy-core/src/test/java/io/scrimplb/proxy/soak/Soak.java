package io.scrimplb.proxy.soak;

import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.scrimplb.proxy.ProxyOptions;
import io.scrimplb.proxy.ProxyServer;
import io.scrimplb.proxy.behaviour.LeakGuard;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.spec.EndpointSpec;
import io.scrimplb.proxy.spec.HttpListenerSpec;
import io.scrimplb.proxy.spec.LimitSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.RouteSpec;
import io.scrimplb.proxy.spec.TcpListenerSpec;
import io.scrimplb.proxy.spec.TimeoutSpec;
import io.scrimplb.proxy.spec.UpstreamSpec;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Sends many requests of every kind through one proxy while its spec is swapped, in rounds. After each round everything must
 * have ended, and a sample is taken; the later samples must not be above the earlier ones. Clients, origins and proxy are one
 * process, so that a leak of any of them shows.
 */
public final class Soak implements AutoCloseable {
    /** Rounds at the start, in which caches fill and code is compiled. */
    private static final int WARM_UP = 3;

    private static final int MEASURED = 9;

    /** The first and the last so many measured rounds are compared, each by the least of its figures. */
    private static final int COMPARED = 3;

    private static final int CLIENTS = 48;
    private static final Duration BETWEEN_SWAPS = Duration.ofMillis(500);
    private static final long SWAPS_A_ROUND = 4;
    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration SETTLING_POLL = Duration.ofMillis(20);
    private static final Duration SETTLING = Duration.ofSeconds(20);
    private static final Duration STANDSTILL = Duration.ofSeconds(60);

    private final MultiThreadIoEventLoopGroup clients = group("soak-clients");
    private final MultiThreadIoEventLoopGroup origins = group("soak-origins");
    private final SoakOrigin first = new SoakOrigin(origins, false);
    private final SoakOrigin second = new SoakOrigin(origins, false);
    private final SoakOrigin echo = new SoakOrigin(origins, true);
    private final ProxyServer proxy;
    private final SoakLoad load;
    private final List<String> problems = new ArrayList<>();
    private long revision;

    /** What a soak found. */
    record Result(List<String> problems, long answered, long cut, long swaps) {}

    Soak(ProxyOptions options, long seed) {
        proxy = ProxyServer.create(options);
        swap();
        load = new SoakLoad((EventLoop) clients.next(), bound("web"), bound("tcp"), seed);
    }

    /** Runs with the number of requests as the only argument; ends with 1 when something is wrong. */
    public static void main(String[] arguments) throws Exception {
        String wanted = arguments.length > 0 ? arguments[0] : "10000000";
        if (!wanted.matches("[1-9][0-9]{2,11}")) {
            System.err.println("usage: soak [REQUESTS], a number of at least 100");
            System.exit(2);
        }
        long requests = Long.parseLong(wanted);
        new LeakGuard();
        long start = System.nanoTime();
        Result result;
        try (Soak soak = new Soak(ProxyOptions.defaults().withEventLoops(2), start)) {
            System.out.println("FIGURE soak seed " + start);
            result = soak.run(requests);
        }
        List<String> problems = new ArrayList<>(result.problems());
        problems.addAll(LeakGuard.collect());
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "FIGURE soak total: %d answered, %d cut on purpose, %.0f s, %.0f answers/s, %d problems%n",
                result.answered(), result.cut(), seconds, result.answered() / seconds, problems.size());
        problems.forEach(problem -> System.out.println("PROBLEM " + problem));
        System.exit(problems.isEmpty() ? 0 : 1);
    }

    Result run(long requests) throws IOException, InterruptedException {
        List<SoakSample> samples = new ArrayList<>();
        for (int round = 0; round < WARM_UP + MEASURED && problems.isEmpty(); round++) {
            long begun = System.nanoTime();
            round(requests / (WARM_UP + MEASURED));
            double seconds = (System.nanoTime() - begun) / 1e9;
            if (problems.isEmpty()) {
                settle();
                SoakSample sample = SoakSample.take();
                samples.add(sample);
                print(round, seconds, sample);
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(least(samples, samples.size() - COMPARED).growthSince(least(samples, WARM_UP)));
        }
        return new Result(List.copyOf(problems), load.answeredCount(), load.cutCount(), revision);
    }

    private void round(long requests) throws InterruptedException {
        CompletableFuture<Void> over = load.round(requests, CLIENTS);
        long lastAnswered = -1;
        long lastProgress = System.nanoTime();
        long swapped = lastProgress;
        long swappedAt = load.answeredCount();
        while (!over.isDone()) {
            try {
                over.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException running) {
                // Some times even in a round that is over before the time between two swaps is.
                boolean due = System.nanoTime() - swapped > BETWEEN_SWAPS.toNanos()
                        || load.answeredCount() - swappedAt > requests / SWAPS_A_ROUND;
                if (due) {
                    swap();
                    swapped = System.nanoTime();
                    swappedAt = load.answeredCount();
                }
            } catch (ExecutionException e) {
                problems.add(String.valueOf(e.getCause()));
            }
            if (load.answeredCount() != lastAnswered) {
                lastAnswered = load.answeredCount();
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > STANDSTILL.toNanos()) {
                problems.add("no answer for " + STANDSTILL + " after " + lastAnswered + "; open: " + load.openKinds());
                break;
            }
        }
        problems.addAll(load.failures());
    }

    /** Both origins, then one, then the other; each time under another application's name. */
    private void swap() {
        revision++;
        List<EndpointSpec> endpoints = new ArrayList<>();
        if (revision % 3 != 1) {
            endpoints.add(endpoint(first));
        }
        if (revision % 3 != 2) {
            endpoints.add(endpoint(second));
        }
        String name = "app-" + revision % 2;
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        proxy.apply(new ProxySpec(
                revision,
                List.of(new HttpListenerSpec("web", any), new TcpListenerSpec("tcp", any, "echo")),
                List.of(new RouteSpec("web", "soak.test", "/", name)),
                List.of(
                        new UpstreamSpec(name, BalancePolicy.ROUND_ROBIN, endpoints),
                        new UpstreamSpec("echo", BalancePolicy.ROUND_ROBIN, List.of(endpoint(echo)))),
                LimitSpec.defaults(),
                TimeoutSpec.defaults(),
                List.of()));
    }

    private static EndpointSpec endpoint(SoakOrigin origin) {
        return new EndpointSpec("member-" + origin.address().getPort(), origin.address(), 100, false);
    }

    private InetSocketAddress bound(String listener) {
        InetSocketAddress address = proxy.boundListeners().get(listener);
        if (address == null) {
            throw new IllegalStateException("not bound: " + listener);
        }
        return address;
    }

    /** Whole requests and sessions that have ended leave nothing in flight. */
    private void settle() {
        try {
            await().atMost(SETTLING).pollInterval(SETTLING_POLL).until(() -> inFlight() == 0);
        } catch (ConditionTimeoutException e) {
            problems.add("in flight with no client there: " + proxy.activeExchanges() + " exchanges, "
                    + endpointsInFlight() + " attempts, " + connections() + " connections");
        }
    }

    private long inFlight() {
        return proxy.activeExchanges() + endpointsInFlight() + connections();
    }

    private long endpointsInFlight() {
        return proxy.traffic().endpoints().stream()
                .mapToLong(EndpointCounters::inFlight)
                .sum();
    }

    private long connections() {
        return proxy.traffic().listeners().stream()
                .mapToLong(ListenerCounters::connections)
                .sum();
    }

    private static SoakSample least(List<SoakSample> samples, int from) {
        return samples.subList(from, from + COMPARED).stream()
                .reduce(SoakSample::least)
                .orElseThrow();
    }

    private void print(int round, double seconds, SoakSample sample) {
        System.out.printf(
                "FIGURE soak round %d%s: answered %d, cut %d, connections %d, MB %d, %.1f s; heap %d KB, netty %d KB, jdk"
                        + " direct %d KB, fds %d, threads %d%n",
                round + 1,
                round < WARM_UP ? " (warm-up)" : "",
                load.answeredCount(),
                load.cutCount(),
                load.connectionCount(),
                load.byteCount() >> 20,
                seconds,
                sample.heapBytes() >> 10,
                sample.nettyBytes() >> 10,
                sample.directBytes() >> 10,
                sample.descriptors(),
                sample.threads());
    }

    private static MultiThreadIoEventLoopGroup group(String name) {
        return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    }

    @Override
    public void close() {
        first.close();
        second.close();
        echo.close();
        clients.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        origins.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
        proxy.close();
    }
}
