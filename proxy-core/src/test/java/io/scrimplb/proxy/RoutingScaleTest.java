package io.scrimplb.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.transport.TrustedNetworks;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 10,000 applications of ten endpoints each. The bounds are such that only an absurd result breaks them, on whatever machine;
 * bench/README.md has the measured figures. Each is told on one line, {@code FIGURE name: value}.
 */
@Timeout(240)
final class RoutingScaleTest {
    private static final int FEW = 10;
    private static final int MANY = 10_000;
    private static final int LOOPS = 2;
    private static final int SWAPS = 40;
    private static final int ROUNDS = 40;

    private static void tell(String name, String format, Object... values) {
        System.out.println("FIGURE " + name + ": " + String.format(Locale.ROOT, format, values));
    }

    @Test
    void aSwapOfOneApplicationAmongTenThousandIsQuick() {
        ManyApplications applications = new ManyApplications(MANY);
        try (ProxyServer server = ProxyServer.create(ProxyOptions.defaults().withEventLoops(LOOPS))) {
            assertThat(server.apply(applications.spec())).isEmpty();
            double[] millis = new double[SWAPS];
            for (int i = 0; i < SWAPS; i++) {
                applications.change(i * 199 % MANY);
                ProxySpec spec = applications.spec();
                long start = System.nanoTime();
                server.apply(spec);
                millis[i] = (System.nanoTime() - start) / 1e6;
            }

            double[] warmed = Arrays.copyOfRange(millis, SWAPS / 2, SWAPS);
            Arrays.sort(warmed);
            double median = warmed[warmed.length / 2];
            tell(
                    "swap of one application of 10,000",
                    "median %.1f ms, worst %.1f ms",
                    median,
                    warmed[warmed.length - 1]);
            assertThat(server.traffic().routes()).isEqualTo(MANY * ManyApplications.ROUTES_EACH);
            assertThat(median).isLessThan(200);
        }
    }

    @Test
    void aLookUpAmongTenThousandApplicationsCostsAboutWhatItCostsAmongTen() {
        double few = nanosPerLookUp(FEW);
        double many = nanosPerLookUp(MANY);

        tell("look-up", "%.0f ns among 10 applications, %.0f ns among 10,000", few, many);
        // A walk over all of them would take some hundred times as long; caches and a busy machine may take a few.
        assertThat(many).isLessThan(20 * few + 2_000);
    }

    /** The quickest of several rounds, since whatever else runs only slows one; each is over applications in random order. */
    private static double nanosPerLookUp(int count) {
        RouteTable table = table(compile(count));
        byte[] path = "/api/orders".getBytes(US_ASCII);
        byte[][] hosts = new byte[1 << 14][];
        Random random = new Random(1);
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = ManyApplications.domain(random.nextInt(count)).getBytes(US_ASCII);
        }
        IntSupplier round = () -> {
            int found = 0;
            for (byte[] host : hosts) {
                found += table.match(host, 0, host.length, path, 0, path.length) == null ? 0 : 1;
            }
            return found;
        };
        double best = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            assertThat(round.getAsInt()).isEqualTo(hosts.length);
            best = Math.min(best, (double) (System.nanoTime() - start) / hosts.length);
        }
        return best;
    }

    @Test
    void anApplicationOfTenEndpointsTakesAFewKilobytes() {
        long one = compiledBytes(1);
        long ten = compiledBytes(ManyApplications.ENDPOINTS_EACH);

        tell(
                "heap of 10,000 applications beside their spec, " + LOOPS + " event loops",
                "%.1f MB, %d bytes an application of %d routes and %d endpoints, %d bytes a further endpoint",
                ten / 1e6,
                ten / MANY,
                ManyApplications.ROUTES_EACH,
                ManyApplications.ENDPOINTS_EACH,
                (ten - one) / MANY / (ManyApplications.ENDPOINTS_EACH - 1));
        assertThat(ten / MANY).isBetween(1000L, 30_000L);
    }

    private static long compiledBytes(int endpointsEach) {
        ProxySpec spec = new ManyApplications(MANY, endpointsEach).spec();
        long before = usedBytes();
        CompiledSpec compiled = CompiledSpec.empty(LOOPS).next(spec);
        long bytes = usedBytes() - before;
        assertThat(table(compiled).size()).isEqualTo(MANY * ManyApplications.ROUTES_EACH);
        assertThat(compiled.endpointCounters()).hasSize(MANY * endpointsEach);
        assertThat(spec.upstreams()).hasSize(MANY);
        return bytes;
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    private static CompiledSpec compile(int count) {
        return CompiledSpec.empty(LOOPS).next(new ManyApplications(count).spec());
    }

    private static RouteTable table(CompiledSpec compiled) {
        ListenerSpec listener = compiled.listeners().get(0);
        ListenerHandle handle = new ListenerHandle(listener.name(), new ListenerCounters(listener.name(), LOOPS));
        RouteTable table = compiled.snapshot(Map.of(handle, listener), TrustedNetworks.NONE)
                .routes(handle);
        assertThat(table).isNotNull();
        return table;
    }
}
