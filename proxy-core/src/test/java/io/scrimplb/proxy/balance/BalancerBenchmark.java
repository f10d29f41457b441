package io.scrimplb.proxy.balance;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointKey;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.spec.BalancePolicy;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The choice of an endpoint for a request whose first attempt it is, all endpoints being well. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = "-Xmx256m")
public class BalancerBenchmark {
    private static final Balancer.Tried NOTHING = endpoint -> false;

    @Param
    BalancePolicy policy;

    @Param({"2", "10", "100"})
    int endpoints;

    private Balancer balancer;

    @Setup
    public void build() {
        List<Endpoint> all = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            EndpointState state = new EndpointState(new EndpointCounters("app", "b" + i, 1));
            for (int load = 0; load < i % 3; load++) {
                state.attemptBegun();
            }
            EndpointKey key = new EndpointKey("app", new InetSocketAddress("127.0.0.1", 1000 + i), "m" + i);
            all.add(new Endpoint(key, 100, false, state));
        }
        balancer = Balancer.compile(policy, all, new AtomicInteger());
    }

    @Benchmark
    public @Nullable Endpoint pick() {
        return balancer.pick(NOTHING);
    }
}
