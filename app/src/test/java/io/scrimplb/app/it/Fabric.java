package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network of namespaces: hosts on one switch, and a second, private wire between one of them and a place where the
 * applications can be reached too. When that host is unplugged from the switch its route to the hosts' addresses falls back
 * to the private wire, where the applications answer at the same addresses and nothing ever answers for the cluster: so a
 * load balancer loses its cluster and keeps its applications, as when only the network between members fails.
 */
final class Fabric implements AutoCloseable {
    /** Where members may stand without a secret. */
    static final String PRIVATE = "10.77.0.";
    /** For documentation (RFC 5737), so as public as an address gets without being anybody's. */
    static final String PUBLIC = "198.51.100.";
    /** The same for IPv6 (RFC 3849). */
    private static final String PUBLIC6 = "2001:db8::";

    private static final String WIRE = "10.78.0.";
    /** Ports at which the members talk. */
    private static final String CLUSTER_PORTS = "9999-10009";

    private final String prefix = "s" + Long.toString(ProcessHandle.current().pid() % 60_466_176, 36);
    private final List<String> namespaces = new ArrayList<>();
    private final String network;

    private Fabric(String network) {
        this.network = network;
    }

    /** Lays the switch. On failure nothing is left. */
    static Fabric create(String network) throws IOException, InterruptedException {
        Fabric fabric = new Fabric(network);
        try {
            fabric.namespace("sw");
            fabric.ip("-n", fabric.name("sw"), "link", "add", "br0", "type", "bridge");
            fabric.ip("-n", fabric.name("sw"), "link", "set", "br0", "up");
            return fabric;
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            fabric.close();
            throw e;
        }
    }

    /** As the other one, with private addresses. */
    static Fabric createOrSkip() throws InterruptedException {
        return createOrSkip(PRIVATE);
    }

    /** As {@link #create}; the test is skipped where that is not possible, but never in a build that counts. */
    static Fabric createOrSkip(String network) throws InterruptedException {
        try {
            return create(network);
        } catch (IOException | RuntimeException | AssertionError e) {
            String reason = "network namespaces cannot be made here (needs root and iproute2): "
                    + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
            return abort(reason);
        }
    }

    String address(int host) {
        return network + host;
    }

    static String address6(int host) {
        return PUBLIC6 + host;
    }

    /** Adds a host to the switch, at {@link #address}. */
    void host(String host, int number) throws IOException, InterruptedException {
        namespace(host);
        ip("link", "add", "eth0", "netns", name(host), "type", "veth", "peer", "name", host, "netns", name("sw"));
        ip("-n", name("sw"), "link", "set", host, "master", "br0", "up");
        ip("-n", name(host), "addr", "add", address(number) + "/24", "dev", "eth0");
        // Without the search for duplicates, which takes a second.
        ip("-n", name(host), "addr", "add", address6(number) + "/64", "dev", "eth0", "nodad");
        ip("-n", name(host), "link", "set", "eth0", "up");
    }

    /** Adds the place at which applications of the hosts are reached by one of them alone, by a wire of their own. */
    void applicationWire(String place, String host, List<Integer> numbers) throws IOException, InterruptedException {
        namespace(place);
        ip("link", "add", "wire", "netns", name(host), "type", "veth", "peer", "name", "wire", "netns", name(place));
        ip("-n", name(host), "addr", "add", WIRE + "1/24", "dev", "wire");
        ip("-n", name(host), "link", "set", "wire", "up");
        ip("-n", name(place), "addr", "add", WIRE + "2/24", "dev", "wire");
        for (int number : numbers) {
            ip("-n", name(place), "addr", "add", address(number) + "/32", "dev", "wire");
        }
        // Silence rather than a refusal, as of a host that is cut off.
        for (String side : List.of("sport", "dport")) {
            ip("-n", name(place), "rule", "add", "priority", "100", "ipproto", "tcp", side, CLUSTER_PORTS, "blackhole");
        }
        ip("-n", name(place), "link", "set", "wire", "up");
        ip("-n", name(host), "route", "add", network + "0/24", "dev", "wire", "src", WIRE + "1", "metric", "500");
    }

    void unplug(String host) throws IOException, InterruptedException {
        ip("-n", name(host), "link", "set", "eth0", "down");
    }

    void plug(String host) throws IOException, InterruptedException {
        ip("-n", name(host), "link", "set", "eth0", "up");
    }

    /** What runs a command on a host. */
    List<String> on(String host) {
        return List.of("ip", "netns", "exec", name(host));
    }

    /** Standard output of a command on a host. */
    String output(String host, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(on(host));
        all.addAll(Arrays.asList(command));
        return run(all);
    }

    private String name(String host) {
        return prefix + "-" + host;
    }

    private void namespace(String host) throws IOException, InterruptedException {
        ip("netns", "add", name(host));
        namespaces.add(name(host));
        ip("-n", name(host), "link", "set", "lo", "up");
    }

    private void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(Arrays.asList(arguments));
        run(command);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", String.join(" ", command), said)
                .isZero();
        return said;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (String namespace : List.copyOf(namespaces)) {
            namespaces.remove(namespace);
            ip("netns", "del", namespace);
        }
    }
}
