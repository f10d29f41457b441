package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.scrimplb.membership.Role;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.MessageBatch;
import org.junit.jupiter.api.Test;

/** Heartbeats and reports go between load balancers and the others only, and still nothing is missed. */
class ScaleTest extends ClusterTest {
    @Test
    void backendsSendEachOtherNothingWhileALoadBalancerLives() throws Exception {
        Node lb = loadBalancer("lb");
        Node one = backend("web-1");
        Node two = backend("web-2");
        Node three = backend("web-3");
        awaitMembers(4, lb, one, two, three);

        Listener listener = new Listener();
        stack(one).insertProtocol(listener, ProtocolStack.Position.BELOW, Suspicions.class);
        await().atMost(SOON).until(() -> listener.heartbeats.contains(address(lb)));
        listener.heartbeats.clear();
        await().atMost(SOON).until(() -> listener.heartbeats.contains(address(lb)));

        assertThat(listener.heartbeats).containsExactly(address(lb));
    }

    @Test
    void backendsTakeOverWhenAllLoadBalancersHangAndSeeEachOtherHang() throws Exception {
        Node lb1 = loadBalancer("lb-1");
        Node lb2 = loadBalancer("lb-2");
        Node one = backend("web-1");
        Node two = backend("web-2");
        Node three = backend("web-3");
        awaitMembers(5, lb1, lb2, one, two, three);

        long started = System.nanoTime();
        hang(lb1, lb2);
        awaitMembers(3, one, two, three);
        took("all load balancers hung", started);

        started = System.nanoTime();
        hang(three);
        awaitMembers(2, one, two);
        took("a backend hung, no load balancer there", started);
    }

    @Test
    void hungBackendIsSeenAlthoughNoOtherBackendListens() throws Exception {
        Node lb = loadBalancer("lb");
        Node one = backend("web-1");
        Node two = backend("web-2");
        awaitMembers(3, lb, one, two);

        long started = System.nanoTime();
        hang(two);

        awaitMembers(2, lb, one);
        took("a backend hung", started);
    }

    @Test
    void clusterIsFoundThroughALoadBalancerThatDoesNotLeadIt() throws Exception {
        Node lb1 = loadBalancer("lb-1");
        Node lb2 = loadBalancer("lb-2");
        awaitMembers(2, lb1, lb2);
        assertThat(lb2.membership().view().members().get(0).id()).isEqualTo(lb1.id());
        seeds.clear();
        Node lb3 = start(spec(Role.LOAD_BALANCER, "lb-3"));
        awaitMembers(1, lb3);

        seeds.publish(lb2.membership());

        awaitMembers(3, lb1, lb2, lb3);
    }

    private static void took(String what, long startedNanos) {
        long millis = (System.nanoTime() - startedNanos) / 1_000_000;
        System.out.println(what + ": " + millis + " ms");
        // Four seconds, and some for a machine that is busy with other things.
        assertThat(millis).isLessThan(8_000);
    }

    /** The process stands still: its connections stay, nothing goes in or out. */
    private static void hang(Node... nodes) {
        Arrays.stream(nodes).forEach(node -> {
            try {
                stack(node)
                        .insertProtocol(
                                new DISCARD().discardAll(true), ProtocolStack.Position.BELOW, SeedDiscovery.class);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static ProtocolStack stack(Node node) {
        return node.membership().channel().getProtocolStack();
    }

    private static Address address(Node node) {
        return node.membership().channel().getAddress();
    }

    private static final class Listener extends Protocol {
        private static final short HEARTBEAT = ClassConfigurator.getProtocolId(FD_ALL3.class);
        private final Set<Address> heartbeats = ConcurrentHashMap.newKeySet();

        @Override
        public Object up(Message message) {
            note(message);
            return super.up(message);
        }

        @Override
        public void up(MessageBatch batch) {
            batch.forEach(this::note);
            super.up(batch);
        }

        private void note(Message message) {
            if (message.getHeader(HEARTBEAT) != null) {
                heartbeats.add(message.getSrc());
            }
        }
    }
}
