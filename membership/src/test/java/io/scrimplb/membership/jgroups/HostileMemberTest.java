package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.protocols.FragHeader;
import org.junit.jupiter.api.Test;

/** A member that joined properly and then says what it should not. */
class HostileMemberTest extends ClusterTest {
    @Test
    void hostileMessagesAreCountedToldOnceAndIgnored() throws Exception {
        Node lb = loadBalancer("lb");
        Node hostile = backend("hostile");
        awaitMembers(2, lb, hostile);
        String[] messages = {
            "not json",
            "",
            "[]",
            "{\"v\":1}",
            "{\"v\":1,\"type\":5}",
            "{\"v\":1,\"type\":\"announcement\",\"revision\":\"x\",\"applications\":[]}",
            "{\"v\":1,\"type\":\"announcement\",\"revision\":9,\"applications\":{}}",
            "{\"v\":1,\"type\":\"announcement\",\"revision\":9,\"applications\":[" + "{},".repeat(9_999) + "{}]}",
            "{\"v\":1,\"type\":\"announcement\",\"revision\":9,\"applications\":" + "[".repeat(50_000),
            "{\"v\":1,\"type\":\"query\",\"known\":-1}",
            "{\"v\":1,\"type\":\"knowledge\",\"member\":\"" + lb.id() + "\",\"revision\":1,\"applications\":[]}",
        };

        for (String message : messages) {
            say(hostile, lb, message.getBytes(StandardCharsets.UTF_8));
        }

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(lb.membership().stats().hostileMessages()).isEqualTo(messages.length));
        assertThat(lb.told().troubles)
                .singleElement()
                .asString()
                .contains("hostile")
                .doesNotContain("\n");
        othersGoOn(lb);
    }

    @Test
    void tenMegabytesAreRefusedBeforeTheyArePutTogether() throws Exception {
        Node lb = loadBalancer("lb");
        Node hostile = backend("hostile");
        awaitMembers(2, lb, hostile);

        say(hostile, lb, new byte[10 * 1024 * 1024]);

        // As many of its pieces as it may send before the other side takes one.
        await().atMost(SOON).until(() -> lb.membership().stats().refusedFrames() > 50);
        othersGoOn(lb);
    }

    @Test
    void piecesThatAreLargerThanOursAreRefused() throws Exception {
        Node lb = loadBalancer("lb");
        Node hostile = backend("hostile");
        awaitMembers(2, lb, hostile);
        BoundedFragments fragments =
                hostile.membership().channel().getProtocolStack().findProtocol(BoundedFragments.class);
        Address target = lb.membership().channel().getAddress();

        fragments
                .getDownProtocol()
                .down(new BytesMessage(target, new byte[BoundedFragments.FRAGMENT_BYTES + 1])
                        .putHeader(fragments.getId(), new FragHeader(1, 0, 2)));

        await().atMost(SOON).until(() -> lb.membership().stats().refusedFrames() == 1);
        othersGoOn(lb);
    }

    @Test
    void badApplicationsAreLeftOutAndTheGoodOneStays() throws Exception {
        Node lb = loadBalancer("lb");
        Node hostile = backend("hostile");
        awaitMembers(2, lb, hostile);
        await().atMost(SOON).until(() -> lb.told().announced.containsKey(hostile.id()));
        String applications = application("zero", "0") + "," + application("over", "70000") + ","
                + application("minus", "-1") + "," + application("word", "\"x\"") + "," + application("good", "8080");

        String message = "{\"v\":1,\"type\":\"announcement\",\"revision\":9,\"applications\":[" + applications + "]}";
        say(hostile, lb, message.getBytes(StandardCharsets.UTF_8));
        say(hostile, lb, message.getBytes(StandardCharsets.UTF_8));

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(lb.told().announced.get(hostile.id()).applications())
                                .singleElement()
                                .extracting(a -> a.name())
                                .isEqualTo("good"));
        await().atMost(SOON).until(() -> lb.membership().stats().refusedApplications() == 8);
        assertThat(lb.told().troubles).as("told once although it came twice").hasSize(4);
    }

    @Test
    void newerVersionsAndTypesAreIgnoredWithoutComplaint() throws Exception {
        Node lb = loadBalancer("lb");
        Node future = backend("future");
        awaitMembers(2, lb, future);

        say(future, lb, "{\"v\":2,\"type\":\"announcement\",\"shape\":[]}".getBytes(StandardCharsets.UTF_8));
        say(future, lb, "{\"v\":1,\"type\":\"song\"}".getBytes(StandardCharsets.UTF_8));

        await().atMost(SOON).until(() -> lb.membership().stats().ignoredMessages() == 2);
        assertThat(lb.told().troubles).isEmpty();
    }

    private void othersGoOn(Node lb) throws Exception {
        Node honest = backend("honest");
        honest.membership().announce(announcement(1, "blog"));
        awaitAnnounced(lb, honest, announcement(1, "blog"));
    }

    private static String application(String name, String port) {
        return "{\"name\":\"" + name + "\",\"application-port\":" + port + ",\"protocol\":\"http\"}";
    }

    private static void say(Node from, Node to, byte[] bytes) throws Exception {
        from.membership()
                .channel()
                .send(new BytesMessage(to.membership().channel().getAddress(), bytes));
    }
}
