package io.scrimplb.app.registry;

import static io.scrimplb.app.registry.TestCluster.http;
import static io.scrimplb.app.registry.TestCluster.reachedAt;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a member may not send clients: CWE-918. */
@Timeout(30)
class RegistryTargetsTest {
    private final TestCluster cluster = new TestCluster();

    private void forbid(String host, int port) {
        RegistryPolicy plain = TestCluster.policy(List.of());
        cluster.registry.policy(new RegistryPolicy(
                plain.claims(), plain.retention(), plain.forwarding(), Set.of(new InetSocketAddress(host, port))));
    }

    private void assertRefused(String reason) {
        assertThat(cluster.endpoints("blog")).isEmpty();
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .startsWith("application blog: ")
                .contains(reason, "left out")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, own host",
        "127.9.9.9, own host",
        "::1, own host",
        "::ffff:127.0.0.1, own host",
        "[::1], own host",
        "169.254.169.254, link-local",
        "fe80::1, link-local",
        "0.0.0.0, no host's address",
        "::, no host's address",
        "224.0.0.1, no host's address",
        "ff02::1, no host's address"
    })
    void anAdvertisedAddressThatIsNotTheBackendsIsRefused(String advertised, String reason) {
        cluster.joinBackends("web");
        cluster.announceAt("web", advertised, http("blog"));
        assertRefused(reason);
    }

    @Test
    void aBackendOnTheSameHostMayBeReachedAtLoopback() {
        cluster.backendAt("web", "127.0.0.1", http("blog"));
        cluster.announceAt("web", "127.0.0.1", http("blog"));
        assertThat(cluster.endpoints("blog")).hasSize(1);
        assertThat(cluster.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void theAdminAddressIsNoTarget(String bound) {
        forbid(bound, 9494);
        cluster.backendAt("web", "127.0.0.1", reachedAt(9494, "blog"));
        assertRefused("admin address");
    }

    @Test
    void aWildcardForbidsEveryAddressOfTheHostAndNoOther() {
        forbid("0.0.0.0", 9494);
        cluster.backend("other", reachedAt(9494, "shop"));
        cluster.backendAt("web", TestCluster.OWN_HOST, reachedAt(9494, "blog"));
        assertThat(cluster.endpoints("shop")).hasSize(1);
        assertRefused("admin address");
    }

    @Test
    void whatIsForbiddenLaterIsTakenOutAndStaysOutThroughAReload() {
        cluster.backendAt("web", TestCluster.OWN_HOST, reachedAt(9999, "blog"));
        assertThat(cluster.endpoints("blog")).hasSize(1);
        forbid(TestCluster.OWN_HOST, 9999);
        assertRefused("cluster port");
        cluster.registry.policy(TestCluster.policy(List.of()));
        assertRefused("cluster port");
    }

    @Test
    void anEndpointThatIsAListenerOfThisLoadBalancerIsALoopAndLeftOut() {
        cluster.backendAt("web", "127.0.0.1", reachedAt(TestCluster.DEFAULT_PORT, "blog"));
        assertRefused("itself listens on");
    }

    @Test
    void theSamePortOnAnotherHostIsNoLoop() {
        cluster.backend("web", reachedAt(TestCluster.DEFAULT_PORT, "blog"));
        assertThat(cluster.endpoints("blog")).hasSize(1);
        assertThat(cluster.problems()).isEmpty();
    }
}
