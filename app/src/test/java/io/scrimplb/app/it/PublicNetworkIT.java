package io.scrimplb.app.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A load balancer and backends on hosts of their own that have only public addresses. */
@Timeout(120)
class PublicNetworkIT {
    private static final int LISTEN = 8080;
    /** Types of TLS records (RFC 8446, 5.1). */
    private static final int CHANGE_CIPHER_SPEC = 20;

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;

    @RegisterExtension
    final Rig rig = new Rig();

    @TempDir
    Path directory;

    private Fabric fabric;
    private String secret;

    @BeforeEach
    void lay() throws Exception {
        fabric = rig.closing(Fabric.createOrSkip(Fabric.PUBLIC));
        fabric.host("lb1", 1);
        fabric.host("host1", 11);
        for (String host : List.of("lb1", "host1")) {
            // As a hosted machine has it; by it a member finds the address that it tells others.
            fabric.output(host, "ip", "route", "add", "default", "dev", "eth0");
        }
        Scrimp made = rig.scrimp("secret").run();
        assertThat(made.awaitExit()).isZero();
        secret = made.stdout().get(0);
    }

    @Test
    void membersJoinInASecondAndTheWireShowsTls13Only() throws Exception {
        Capture capture = rig.closing(Capture.startOrSkip(fabric, "lb1", directory.resolve("wire.pcap")));
        rig.applications(fabric, "host1", "a=8081");
        Scrimp lb = member("lb1", secret, "lb");
        lb.awaitLog("load balancer ready");
        Duration jvm = rig.jvmStart();

        long start = System.nanoTime();
        Scrimp backend = member(
                "host1", secret, "backend", "--join", fabric.address(1), "--app", "shop=8081,shop.test@" + LISTEN);
        backend.awaitLog("joined the cluster");
        Duration joined = Figures.since(start);
        Waiting.until("routed", () -> answer("lb1").equals("a"));

        Figures.tell("start of a backend to joined over public addresses", joined);
        Figures.tell("of which a JVM's start", jvm);
        // On a machine that is busy with other things; alone it is under one second.
        assertThat(joined.minus(jvm)).isLessThan(Duration.ofSeconds(4));
        backend.term();
        assertThat(backend.awaitExit()).isZero();
        Map<String, byte[]> streams = capture.streams();
        assertThat(streams).as("both directions of a connection").hasSizeGreaterThanOrEqualTo(2);
        for (Map.Entry<String, byte[]> stream : streams.entrySet()) {
            tls13Only(stream.getKey(), stream.getValue());
        }
    }

    @Test
    void membersJoinOverIpv6() throws Exception {
        rig.applications(fabric, "host1", "a=8081");
        Scrimp lb = member("lb1", secret, "lb", Map.of("SCRIMP_BIND_ADDRESS", Fabric.address6(1)));
        lb.awaitLog("load balancer ready");

        Scrimp backend = member(
                "host1",
                secret,
                "backend",
                Map.of("SCRIMP_BIND_ADDRESS", Fabric.address6(11)),
                "--join",
                "[" + Fabric.address6(1) + "]",
                "--app",
                "shop=8081,shop.test@" + LISTEN);

        assertThat(backend.awaitLog("joined the cluster")).contains("[2001:db8:");
    }

    @Test
    void tokenLetsABackendInWithinItsLimits() throws Exception {
        rig.applications(fabric, "host1", "a=8081", "b=8082");
        Scrimp lb = member("lb1", secret, "lb");
        lb.awaitLog("load balancer ready");
        Scrimp made = rig.scrimp(
                        "token",
                        "create",
                        "--role",
                        "backend",
                        "--domains",
                        "*.shop.test",
                        "--ports",
                        "8080",
                        "--ttl",
                        "1h")
                .environment("SCRIMP_CLUSTER_SECRET", secret)
                .run();
        assertThat(made.awaitExit()).as(made.report()).isZero();
        String token = made.stdout().get(0);

        Scrimp backend = rig.scrimp(
                        "backend",
                        "--join",
                        fabric.address(1),
                        "--app",
                        "in=8081,www.shop.test@" + LISTEN,
                        "--app",
                        "out=8082,bank.test@" + LISTEN)
                .environment("SCRIMP_JOIN_TOKEN", token)
                .under(fabric.on("host1"))
                .start();
        backend.awaitLog("joined the cluster");

        Waiting.until(
                "routed within the limits", () -> answer("lb1", "www.shop.test").equals("a"));
        lb.awaitLog(line -> line.contains("bank.test") && line.contains("token"), "the domain that is refused");
        assertThat(answer("lb1", "bank.test")).isNotEqualTo("b");
        assertThat(lb.report() + backend.report()).doesNotContain(token).doesNotContain(secret);
    }

    @Test
    void withoutTheSecretThereIsALineAndNoWayIn() throws Exception {
        Scrimp lb = member("lb1", secret, "lb");
        lb.awaitLog("load balancer ready");
        Scrimp other = rig.scrimp("secret").run();
        other.awaitExit();

        Scrimp wrong = member(
                "host1", other.stdout().get(0), "backend", "--join", fabric.address(1), "--app", "shop=8081,shop.test");

        wrong.awaitLog("a member with another cluster-secret answers there");
        Scrimp none = rig.scrimp("backend", "--join", fabric.address(1), "--app", "shop=8081,shop.test")
                .environment("SCRIMP_BIND_ADDRESS", "127.0.0.1")
                .environment("SCRIMP_PORT", "10050")
                .environment("SCRIMP_ADMIN_ADDRESS", "off")
                .under(fabric.on("host1"))
                .start();
        none.awaitLog("the cluster there has a cluster-secret and this member has none");
        Scrimp open = rig.scrimp("lb")
                .environment("SCRIMP_BIND_ADDRESS", fabric.address(11))
                .under(fabric.on("host1"))
                .run();
        assertThat(open.awaitExit()).isEqualTo(3);
        assertThat(String.join("\n", open.stderr())).contains("set cluster-secret ('scrimp secret' prints one)");
    }

    private Scrimp member(String host, String with, String... arguments) throws IOException {
        return member(host, with, arguments[0], Map.of(), java.util.Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private Scrimp member(String host, String with, String role, Map<String, String> environment, String... flags)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(role));
        arguments.addAll(List.of(flags));
        Rig.Launch launch = rig.scrimp(arguments.toArray(String[]::new))
                .environment("SCRIMP_CLUSTER_SECRET", with)
                .under(fabric.on(host));
        environment.forEach(launch::environment);
        return launch.start();
    }

    private String answer(String host) throws Exception {
        return answer(host, "shop.test");
    }

    private String answer(String host, String domain) throws Exception {
        return fabric.output(
                host, "curl", "-s", "-m", "10", "-H", "Host: " + domain, "http://127.0.0.1:" + LISTEN + "/");
    }

    /** Every byte of the stream is in a TLS record, the version is 1.3, and nothing is said in the clear after it. */
    private static void tls13Only(String name, byte[] stream) {
        ByteBuffer in = ByteBuffer.wrap(stream);
        List<Integer> types = new ArrayList<>();
        while (in.remaining() > 5) {
            int type = in.get();
            int version = Short.toUnsignedInt(in.getShort());
            int length = Short.toUnsignedInt(in.getShort());
            assertThat(type).as("record type in %s", name).isIn(CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA);
            assertThat(version).as("legacy version in %s", name).isBetween(0x0301, 0x0303);
            if (length > in.remaining()) {
                break;
            }
            byte[] record = new byte[length];
            in.get(record);
            if (type == HANDSHAKE) {
                assertThat(types).as("one hello in the clear in %s", name).doesNotContain(HANDSHAKE);
                assertThat(versions(record))
                        .as("versions of the hello in %s", name)
                        .containsOnly(TLS_1_3);
            }
            types.add(type);
        }
        assertThat(types).as("records of %s", name).startsWith(HANDSHAKE).contains(APPLICATION_DATA);
        String clear = new String(stream, StandardCharsets.ISO_8859_1);
        assertThat(clear)
                .doesNotContain("shop.test")
                .doesNotContain("\"hello\"")
                .doesNotContain("welcome");
    }

    /** What the extension supported_versions of a ClientHello or ServerHello says (RFC 8446, 4.2.1). */
    private static List<Integer> versions(byte[] hello) {
        ByteBuffer in = ByteBuffer.wrap(hello);
        boolean client = in.get() == 1;
        in.position(4 + 2 + 32);
        in.position(in.position() + 1 + Byte.toUnsignedInt(in.get(in.position())));
        if (client) {
            in.position(in.position() + 2 + Short.toUnsignedInt(in.getShort(in.position())));
            in.position(in.position() + 1 + Byte.toUnsignedInt(in.get(in.position())));
        } else {
            in.position(in.position() + 3);
        }
        in.getShort();
        List<Integer> versions = new ArrayList<>();
        while (in.remaining() >= 4) {
            int extension = Short.toUnsignedInt(in.getShort());
            int length = Short.toUnsignedInt(in.getShort());
            int end = in.position() + length;
            if (extension == SUPPORTED_VERSIONS) {
                if (client) {
                    in.get();
                }
                while (in.position() < end) {
                    versions.add(Short.toUnsignedInt(in.getShort()));
                }
            }
            in.position(end);
        }
        return versions;
    }
}
