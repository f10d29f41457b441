package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.Event;
import org.junit.jupiter.api.Test;

class SuspicionTest extends ClusterTest {
    @Test
    void suspicionIsWithdrawnAsSoonAsTheSuspectIsHeard() throws Exception {
        Node lb = loadBalancer("lb");
        Node backend = backend("web-1");
        awaitMembers(2, lb, backend);

        // Again and again, since the suspect may be heard before anybody is told.
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> {
            suspect(lb, backend);
            return lb.told().suspicionsSeen() > 0;
        });

        awaitNobodySuspected(lb);
        assertThat(lb.members()).isEqualTo(2);
    }

    @Test
    void suspicionsThatComeOnManyThreadsDoNotStick() throws Exception {
        Node lb = loadBalancer("lb");
        Node backend = backend("web-1");
        awaitMembers(2, lb, backend);

        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int j = 0; j < 200; j++) {
                    suspect(lb, backend);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        awaitNobodySuspected(lb);
        assertThat(lb.members()).isEqualTo(2);
    }

    /** As when a connection breaks. */
    private static void suspect(Node by, Node suspect) {
        Address address = suspect.membership().channel().getAddress();
        Suspicions suspicions = by.membership().channel().getProtocolStack().findProtocol(Suspicions.class);
        suspicions.up(new Event(Event.SUSPECT, List.of(address)));
    }

    private static void awaitNobodySuspected(Node node) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(node.membership().view().suspected()).isEmpty();
            assertThat(node.told().views.get(node.told().views.size() - 1).suspected())
                    .isEmpty();
        });
    }
}
