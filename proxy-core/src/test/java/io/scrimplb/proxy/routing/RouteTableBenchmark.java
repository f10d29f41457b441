package io.scrimplb.proxy.routing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.scrimplb.proxy.ManyApplications;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

/**
 * The look-up of a request's route. Each asks for another application than the one before, so that what lies in the
 * processor's caches is what would lie there with that many.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = "-Xmx512m")
public class RouteTableBenchmark {
    private static final int HOSTS = 1 << 14;

    @Param({"10", "1000", "10000"})
    int applications;

    private RouteTable table;
    private RouteTable oneDomain;
    private final byte[] path = "/api/orders/4711".getBytes(US_ASCII);
    private final byte[][] exact = new byte[HOSTS][];
    private final byte[][] wildcard = new byte[HOSTS][];
    private final byte[][] unknown = new byte[HOSTS][];
    private final byte[][] paths = new byte[HOSTS][];
    private int next;

    @Setup
    public void build() {
        table = Tables.of(new ManyApplications(applications).spec().routes());
        oneDomain = Tables.onePathEach(applications);
        Random random = new Random(1);
        for (int i = 0; i < HOSTS; i++) {
            String domain = ManyApplications.domain(random.nextInt(applications));
            exact[i] = domain.getBytes(US_ASCII);
            wildcard[i] = ("eu-1." + domain).getBytes(US_ASCII);
            unknown[i] = ("x" + domain).getBytes(US_ASCII);
            paths[i] = (Tables.path(random.nextInt(applications)) + "/orders/4711").getBytes(US_ASCII);
        }
    }

    @Benchmark
    public @Nullable Route exactHost() {
        return match(table, exact[turn()], path);
    }

    @Benchmark
    public @Nullable Route wildcardHost() {
        return match(table, wildcard[turn()], path);
    }

    @Benchmark
    public @Nullable Route unknownHost() {
        return match(table, unknown[turn()], path);
    }

    /** All applications under one domain, each with a path of its own. */
    @Benchmark
    public @Nullable Route pathOfOneDomain() {
        return match(oneDomain, Tables.ONE_DOMAIN, paths[turn()]);
    }

    private int turn() {
        next = (next + 1) & (HOSTS - 1);
        return next;
    }

    private static @Nullable Route match(RouteTable routes, byte[] host, byte[] path) {
        return routes.match(host, 0, host.length, path, 0, path.length);
    }
}
