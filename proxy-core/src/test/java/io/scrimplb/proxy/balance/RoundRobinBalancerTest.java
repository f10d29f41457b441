package io.scrimplb.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.proxy.endpoint.Endpoint;
import io.scrimplb.proxy.endpoint.EndpointKey;
import io.scrimplb.proxy.endpoint.EndpointState;
import io.scrimplb.proxy.telemetry.EndpointCounters;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RoundRobinBalancerTest {
    private static final Balancer.Tried NOTHING = endpoint -> false;

    private static Endpoint endpoint(int number, int weight, boolean suspected) {
        EndpointKey key = new EndpointKey("app", new InetSocketAddress("127.0.0.1", 1000 + number), "m" + number);
        return new Endpoint(key, weight, suspected, new EndpointState(new EndpointCounters("app", "b" + number, 1)));
    }

    private static int[] picks(List<Endpoint> endpoints, int count) {
        Balancer balancer = new RoundRobinBalancer(endpoints, new AtomicInteger());
        int[] picks = new int[endpoints.size()];
        for (int i = 0; i < count; i++) {
            picks[endpoints.indexOf(balancer.pick(NOTHING))]++;
        }
        return picks;
    }

    @Test
    void eachGetsTurnsByItsWeight() {
        List<Endpoint> endpoints = List.of(endpoint(0, 1, false), endpoint(1, 2, false), endpoint(2, 5, false));

        assertThat(picks(endpoints, 800)).containsExactly(100, 200, 500);
    }

    @Test
    void theShareOfASickOneIsSpreadOverAllOthers() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            endpoints.add(endpoint(i, 100, i == 1));
        }

        int[] picks = picks(endpoints, 1000);

        assertThat(picks[1]).isZero();
        for (int i : new int[] {0, 2, 3, 4}) {
            assertThat(picks[i]).isBetween(240, 260);
        }
    }

    @Test
    void aSmallWeightStaysSmallWhileItsNeighbourIsSick() {
        List<Endpoint> endpoints = List.of(
                endpoint(0, 100, true), endpoint(1, 1, false), endpoint(2, 100, false), endpoint(3, 100, false));

        assertThat(picks(endpoints, 4010)[1]).isBetween(5, 60);
    }

    @Test
    void whenAllAreSickOneOfThemIsStillTaken() {
        List<Endpoint> endpoints = List.of(endpoint(0, 100, true), endpoint(1, 100, true));

        assertThat(new RoundRobinBalancer(endpoints, new AtomicInteger()).pick(NOTHING))
                .isNotNull();
    }
}
