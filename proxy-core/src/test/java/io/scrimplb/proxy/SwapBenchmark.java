package io.scrimplb.proxy;

import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.spec.SpecProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A swap of a running proxy: one application differs, all else is as it was. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgs = {"-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"})
public class SwapBenchmark {
    /** What the caller of {@code apply} hands in again of what has not changed. */
    public enum Unchanged {
        SAME_OBJECTS,
        EQUAL_OBJECTS
    }

    private static final int VARIANTS = 2;

    @Param({"10", "1000", "10000"})
    int applications;

    @Param
    Unchanged unchanged;

    private final List<ProxySpec> variants = new ArrayList<>();
    private ProxyServer server;
    private int next;

    @Setup
    public void start() {
        ManyApplications all = new ManyApplications(applications);
        for (int i = 0; i < VARIANTS; i++) {
            all.change(applications / 2);
            variants.add(unchanged == Unchanged.SAME_OBJECTS ? all.spec() : all.newlyMadeSpec());
        }
        server = ProxyServer.create(ProxyOptions.defaults());
        swapOneApplication();
    }

    @TearDown
    public void stop() {
        server.close();
    }

    @Benchmark
    public List<SpecProblem> swapOneApplication() {
        next = (next + 1) % VARIANTS;
        return server.apply(variants.get(next));
    }
}
