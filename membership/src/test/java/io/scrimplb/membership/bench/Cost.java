package io.scrimplb.membership.bench;

import io.scrimplb.membership.bench.Network.Place;
import io.scrimplb.membership.bench.Network.Traffic;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a cluster of one size costs when nothing happens. */
final class Cost {
    static final String HEAD =
            "| Members | started to one view, ms | founded to one view, ms | frames/s a member | kB/s a member | kB/s of a load balancer, out + in"
                    + " | kB/s of a backend, out + in | CPU a member, ms/s | CPU of a load balancer, ms/s | CPU of a backend, ms/s"
                    + " | threads, load balancer / backend | RSS, MB | PSS, MB |\n"
                    + "|---|---|---|---|---|---|---|---|---|---|---|---|---|";

    /** Members up to which a new cluster calms down soon. */
    private static final int SMALL = 25;

    private Cost() {}

    /** One line of the table. */
    static String line(Network network, int size, Setting setting) throws Exception {
        try (Cluster cluster = new Cluster(network, size, setting)) {
            Cluster.Formed formed = cluster.form();
            Progress.say(
                    "%d members: one view %.0f ms after the start, %.0f ms after it was founded, after %d views",
                    size, formed.sinceOrder(), formed.sinceFounded(), formed.views());
            TimeUnit.SECONDS.sleep(setting.settleSeconds() * (size > SMALL ? 3 : 1));
            Map<Place, ProcessFigures> before = figures(cluster);
            Traffic all = network.total();
            Traffic balancer = separate(network, Place.LB1);
            Traffic backend = separate(network, Place.SINGLE);
            long started = System.nanoTime();
            TimeUnit.SECONDS.sleep(setting.watchSeconds());
            all = network.total().minus(all);
            balancer = separate(network, Place.LB1).minus(balancer);
            backend = separate(network, Place.SINGLE).minus(backend);
            Map<Place, ProcessFigures> after = figures(cluster);
            double took = (System.nanoTime() - started) / 1e9;
            cluster.awaitWhole();

            long cpu = 0;
            for (Place place : before.keySet()) {
                cpu += cpu(before, after, place);
            }
            ProcessFigures lb = after.get(Place.LB1);
            ProcessFigures single = after.get(Place.SINGLE);
            String line = String.format(
                    Locale.ROOT,
                    "| %d | %.0f | %.0f | %.1f | %.2f | %s | %s | %.1f | %.1f | %.1f | %d / %d | %d / %d | %d / %d |",
                    size,
                    formed.sinceOrder(),
                    formed.sinceFounded(),
                    all.segmentsIn() / took / size,
                    all.bytesOut() / took / size / 1e3,
                    kilobytes(network, balancer, took),
                    kilobytes(network, backend, took),
                    cpu / took / size,
                    cpu(before, after, Place.LB1) / took,
                    cpu(before, after, Place.SINGLE) / took,
                    lb.threads(),
                    single.threads(),
                    lb.residentKb() / 1024,
                    single.residentKb() / 1024,
                    lb.proportionalKb() / 1024,
                    single.proportionalKb() / 1024);
            Progress.say("%s", line);
            if (cluster.has(Place.CROWD)) {
                ProcessFigures crowd = after.get(Place.CROWD);
                Progress.say(
                        "%d backends in one JVM (%s): %d threads, %d MB resident",
                        size - 3, String.join(" ", Cluster.crowdJvm(size)), crowd.threads(), crowd.residentKb() / 1024);
            }
            return line;
        }
    }

    private static long cpu(Map<Place, ProcessFigures> before, Map<Place, ProcessFigures> after, Place place) {
        return after.get(place).cpuMillis() - before.get(place).cpuMillis();
    }

    private static Traffic separate(Network network, Place place) throws Exception {
        return network.separate() ? network.of(place) : new Traffic(0, 0, 0);
    }

    private static String kilobytes(Network network, Traffic traffic, double seconds) {
        return network.separate()
                ? String.format(
                        Locale.ROOT,
                        "%.2f + %.2f",
                        traffic.bytesOut() / seconds / 1e3,
                        traffic.bytesIn() / seconds / 1e3)
                : "not measured";
    }

    private static Map<Place, ProcessFigures> figures(Cluster cluster) throws Exception {
        Map<Place, ProcessFigures> figures = new EnumMap<>(Place.class);
        for (Place place : Place.values()) {
            if (cluster.has(place)) {
                figures.put(place, ProcessFigures.of(cluster.process(place).pid()));
            }
        }
        return figures;
    }
}
