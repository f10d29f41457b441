package io.scrimplb.membership.bench;

import io.scrimplb.membership.trust.ClusterSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The bench's command line. */
final class ClusterBench {
    private static final String USAGE = """
            membership/bench/cluster [OPTIONS] [SIZES…]

            Measures clusters of SIZES members (default 2 10 25 50 100) on this machine: time to one view, traffic,
            processor time, threads and memory; then how fast clusters of 10 and 25 see what happens to their members.
            Two load balancers and one backend are a process each, the other backends share one JVM. As root each
            process has a network namespace of its own, and partitions are measured too. Markdown on standard output.

              --secret           the cluster has a secret
              --detect SIZES     sizes for the detection times, commas between; none: no detection (default 10,25)
              --events EVENTS    some of leave,kill,hang,partition,coordinators (default all)
              --no-cost          measures no clusters where nothing happens
              --times N          how often each event is caused (default 10)
              --seconds N        how long a cluster is watched when nothing happens (default 20)
              --settle N         seconds that a new cluster of up to 25 has to calm down and its JVMs to warm up, larger
                                 ones three times as many (default 10)
              --heap MB          heap of the processes with one member (default 32)
              --loopback         no namespaces, even as root
              --hasty            does not wait for a new cluster to calm down; for trying the bench itself
            """;

    /** Members send at a quicker pace for a while after their number grew: at 25 for 5 s, at 100 for 25 s. */
    private static final int SETTLE_SECONDS = 10;

    private final List<Integer> sizes = new ArrayList<>();
    private List<Integer> detect = List.of(10, 25);
    private Set<String> events = Detection.EVENTS;
    private boolean sized = true;
    private int times = 10;
    private int seconds = 20;
    private int settle = SETTLE_SECONDS;
    private int heapMb = Setting.SMALL_HEAP_MB;
    private boolean secret;
    private boolean loopback;
    private boolean hasty;

    private ClusterBench() {}

    public static void main(String[] args) throws Exception {
        ClusterBench bench = new ClusterBench();
        try {
            bench.read(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.print("bench: " + e.getMessage() + "\n\n" + USAGE);
            System.exit(2);
        }
        // The members' processes end with their standard input, so that Ctrl-C needs care for the namespaces only.
        try (Network network = bench.network()) {
            Thread onInterrupt = new Thread(network::close);
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            System.out.print(bench.run(network));
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
        }
    }

    private void read(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            switch (args.get(i)) {
                case "--secret" -> secret = true;
                case "--loopback" -> loopback = true;
                case "--hasty" -> hasty = true;
                case "--detect" -> detect = value(args, ++i).equals("none") ? List.of() : sizes(value(args, i));
                case "--no-cost" -> sized = false;
                case "--events" -> events = Set.of(value(args, ++i).split(","));
                case "--times" -> times = number(value(args, ++i));
                case "--seconds" -> seconds = number(value(args, ++i));
                case "--settle" -> settle = number(value(args, ++i));
                case "--heap" -> heapMb = number(value(args, ++i));
                case "--help" -> {
                    System.out.print(USAGE);
                    System.exit(0);
                }
                default -> sizes.add(number(args.get(i)));
            }
        }
        if (!sized) {
            sizes.clear();
        } else if (sizes.isEmpty()) {
            sizes.addAll(List.of(2, 10, 25, 50, 100));
        }
        if (!Detection.EVENTS.containsAll(events)) {
            throw new IllegalArgumentException("events are some of " + String.join(",", Detection.EVENTS));
        }
        if (sizes.stream().anyMatch(size -> size < 2) || detect.stream().anyMatch(size -> size < 4)) {
            throw new IllegalArgumentException("a cluster has 2 members or more, and 4 or more to break things in");
        }
    }

    private static String value(List<String> args, int index) {
        if (index >= args.size()) {
            throw new IllegalArgumentException(args.get(index - 1) + " needs a value");
        }
        return args.get(index);
    }

    private static List<Integer> sizes(String text) {
        return List.of(text.split(",")).stream().map(ClusterBench::number).toList();
    }

    private static int number(String text) {
        if (!text.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException("'" + text + "' is not a number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }

    private Network network() throws IOException {
        boolean root = Files.readString(Path.of("/proc/self/status")).contains("\nUid:\t0\t0");
        return root && !loopback ? new Namespaces() : new Loopback();
    }

    private String run(Network network) throws Exception {
        Setting setting = new Setting(
                secret ? ClusterSecret.generate().reveal() : "", heapMb, seconds, hasty ? 0 : settle, times, events);
        StringBuilder report = new StringBuilder();
        report.append(secret ? "With a secret. " : "Without a secret. ")
                .append(Runtime.getRuntime().availableProcessors())
                .append(" cores, Java ")
                .append(Runtime.version().feature())
                .append(", ")
                .append(network.describe())
                .append(". Watched for ")
                .append(seconds)
                .append(" s, after ")
                .append(setting.settleSeconds())
                .append(" s to settle, three times that above 25 members. Load balancers and one backend: `java ")
                .append(String.join(" ", setting.singleJvm()))
                .append("`.\n\n");
        if (sized) {
            report.append(Cost.HEAD).append('\n');
        }
        for (int size : sizes) {
            report.append(Cost.line(network, size, setting)).append('\n');
        }
        for (int size : detect) {
            report.append('\n').append(Detection.table(network, size, setting));
        }
        return report.toString();
    }
}
