package io.scrimplb.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.routing.ListenerHandle;
import io.scrimplb.proxy.routing.RouteTable;
import io.scrimplb.proxy.spec.ListenerSpec;
import io.scrimplb.proxy.spec.ProxySpec;
import io.scrimplb.proxy.telemetry.ListenerCounters;
import io.scrimplb.proxy.tls.Engine;
import io.scrimplb.proxy.tls.TlsContexts;
import io.scrimplb.proxy.transport.TrustedNetworks;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 10,000 applications of ten endpoints each. The bounds are such that only an absurd result breaks them, on whatever machine;
 * bench/README.md has the measured figures. Each is told on one line, {@code FIGURE name: value}.
 */
@Timeout(240)
final class RoutingScaleTest {
    private static final TlsContexts NO_TLS = new TlsContexts(List.of(Engine.JDK), List.of());

    private static final int FEW = 10;
    private static final int MANY = 10_000;
    private static final int LOOPS = 2;
    private static final int SWAPS = 40;
    private static final int ROUNDS = 1_000;
    private static final long GC_NOISE_BYTES = 100_000;

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
            long start = System.nanoTime();
            CompiledSpec.empty(LOOPS, NO_TLS).next(applications.spec());
            double anew = (System.nanoTime() - start) / 1e6;
            tell("compilation of 10,000 applications anew", "%.1f ms", anew);
            assertThat(median).as("against a compilation of all, %.1f ms", anew).isLessThan(anew / 2);
        }
    }

    @Test
    void aLookUpAmongTenThousandApplicationsCostsAboutWhatItCostsAmongTen() {
        LookUps amongFew = new LookUps(FEW);
        LookUps amongMany = new LookUps(MANY);
        // By turns, so that whatever else the machine does meets both.
        for (int i = 0; i < ROUNDS; i++) {
            amongFew.round(i);
            amongMany.round(i);
        }

        tell("look-up", "%.0f ns among 10 applications, %.0f ns among 10,000", amongFew.best, amongMany.best);
        assertThat(amongMany.best).isLessThan(5 * amongFew.best + 2_000);
    }

    /** Look-ups of applications in random order, and what they took in the quickest round: what else runs only slows one. */
    private static final class LookUps {
        /** So few that a round is over before another process gets the processor. */
        private static final int PER_ROUND = 1 << 10;

        private final byte[] path = "/api/orders".getBytes(US_ASCII);
        private final byte[][] hosts = new byte[PER_ROUND * 16][];
        private final RouteTable table;
        private double best = Double.MAX_VALUE;

        LookUps(int applications) {
            table = table(CompiledSpec.empty(LOOPS, NO_TLS).next(new ManyApplications(applications).spec()));
            Random random = new Random(1);
            for (int i = 0; i < hosts.length; i++) {
                hosts[i] = ManyApplications.domain(random.nextInt(applications)).getBytes(US_ASCII);
            }
        }

        void round(int number) {
            int first = number * PER_ROUND % hosts.length;
            int found = 0;
            long start = System.nanoTime();
            for (int i = first; i < first + PER_ROUND; i++) {
                byte[] host = hosts[i];
                found += table.match(host, 0, host.length, path, 0, path.length) == null ? 0 : 1;
            }
            best = Math.min(best, (double) (System.nanoTime() - start) / PER_ROUND);
            assertThat(found).isEqualTo(PER_ROUND);
        }
    }

    @Test
    void anApplicationOfTenEndpointsTakesAFewKilobytes() {
        // Not counted: meanwhile what other tests left behind goes.
        compiledBytes(1);
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
        CompiledSpec compiled = CompiledSpec.empty(LOOPS, NO_TLS).next(spec);
        long bytes = usedBytes() - before;
        assertThat(table(compiled).size()).isEqualTo(MANY * ManyApplications.ROUTES_EACH);
        assertThat(compiled.endpointCounters()).hasSize(MANY * endpointsEach);
        assertThat(spec.upstreams()).hasSize(MANY);
        return bytes;
    }

    /** What is reachable: collects until nothing more goes. */
    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            long now = runtime.totalMemory() - runtime.freeMemory();
            if (i > 1 && now > used - GC_NOISE_BYTES) {
                return now;
            }
            used = now;
        }
        return used;
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
