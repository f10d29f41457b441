package io.scrimplb.membership.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.ClusterView;
import io.scrimplb.membership.Member;
import io.scrimplb.membership.MembershipEvents;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.Grant;
import io.scrimplb.membership.wire.WireCodec;
import io.scrimplb.membership.wire.WireMessage;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a load balancer takes from whom, by the certificate of the sender's connection. */
class ExchangeTest {
    private static final Member LB = member("00000000-0000-0000-0000-000000000001", "lb", Role.LOAD_BALANCER);
    private static final Member OTHER = member("00000000-0000-0000-0000-000000000002", "other", Role.LOAD_BALANCER);
    private static final Member WEB = member("00000000-0000-0000-0000-000000000003", "web", Role.BACKEND);
    private static final Claims LIMITS = new Claims(List.of("*.example.com"), List.of(PortRange.of(443)));
    private static final Grant TOKEN = new Grant(Optional.of(Role.BACKEND), LIMITS, Optional.of(Instant.EPOCH));

    private final WireCodec codec = new WireCodec();
    private final List<String> told = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private final List<byte[]> sent = new ArrayList<>();

    @Test
    void announcementComesWithTheClaimsOfTheSendersCertificate() {
        Exchange exchange = in(LB, LB, WEB);

        exchange.received(WEB.id(), TOKEN, offer(1), 0);

        assertThat(told).containsExactly("web 1 " + LIMITS);
    }

    @Test
    void holderOfTheSecretHasNoLimits() {
        Exchange exchange = in(LB, LB, WEB);

        exchange.received(WEB.id(), Grant.FULL, offer(1), 0);

        assertThat(told).containsExactly("web 1 " + Claims.UNLIMITED);
    }

    @Test
    void backendsTokenIsNoGoodForALoadBalancerWhateverItSays() {
        Exchange exchange = in(LB, LB, OTHER, WEB);

        exchange.received(OTHER.id(), TOKEN, knowledge(WEB, 7, Claims.UNLIMITED), 0);
        exchange.received(OTHER.id(), TOKEN, codec.encode(new WireMessage.Query(1)), 0);
        exchange.received(OTHER.id(), TOKEN, new byte[] {1}, 0);

        assertThat(told).isEmpty();
        assertThat(exchange.hostileMessages()).isEqualTo(3);
        assertThat(troubles)
                .singleElement()
                .asString()
                .contains("load balancer other at 10.0.0.1:9999")
                .endsWith("its join token is a backend's, not that of a load balancer");
    }

    @Test
    void backendThatSendsWhatOnlyALoadBalancerSendsIsCountedAndToldOnce() {
        Exchange exchange = in(LB, LB, WEB);

        exchange.received(WEB.id(), TOKEN, knowledge(WEB, 7, Claims.UNLIMITED), 0);
        exchange.received(WEB.id(), TOKEN, codec.encode(new WireMessage.Query(1)), 0);

        assertThat(told).isEmpty();
        assertThat(sent).isEmpty();
        assertThat(exchange.hostileMessages()).isEqualTo(2);
        assertThat(troubles).singleElement().asString().contains("backend web");
    }

    @Test
    void noteGoesToTheLoadBalancerItIsForAndToNobodyElse() {
        Exchange exchange = in(LB, LB, OTHER, WEB);

        exchange.tell(WEB.id(), "acme", "for load balancers");
        exchange.tell(LB.id(), "acme", "to itself");
        exchange.tell("nobody", "acme", "to nobody");
        assertThat(sent).isEmpty();

        exchange.tell(OTHER.id(), "acme", "hello");
        assertThat(sent).containsExactly(codec.encode(new WireMessage.Note("acme", "hello")));
    }

    @Test
    void noteIsTakenFromALoadBalancerAndFromNobodyElse() {
        byte[] note = codec.encode(new WireMessage.Note("acme", "hello"));
        Exchange exchange = in(LB, LB, OTHER, WEB);

        exchange.received(OTHER.id(), Grant.FULL, note, 0);
        exchange.received(OTHER.id(), TOKEN, note, 0);
        exchange.received(WEB.id(), Grant.FULL, note, 0);
        in(WEB, LB, OTHER, WEB).received(OTHER.id(), Grant.FULL, note, 0);

        assertThat(told).containsExactly("other: acme hello");
        assertThat(exchange.hostileMessages()).isEqualTo(2);
    }

    @Test
    void loadBalancerThatJoinsLearnsTheClaimsTogetherWithTheAnnouncement() {
        Exchange first = in(LB, LB, WEB);
        first.received(WEB.id(), TOKEN, offer(3), 0);
        first.viewChanged(new ClusterView(LB, List.of(LB, WEB, OTHER), Set.of()), false, 10);
        byte[] knowledge = sent.get(0);
        told.clear();

        Exchange second = in(OTHER, LB, WEB, OTHER);
        second.received(LB.id(), Grant.FULL, knowledge, 20);

        assertThat(told).containsExactly("web 3 " + LIMITS);
    }

    @Test
    void whatTheBackendsOwnConnectionProvesWinsOverWhatWasHeardOf() {
        Exchange exchange = in(LB, LB, OTHER, WEB);

        exchange.received(OTHER.id(), Grant.FULL, knowledge(WEB, 3, Claims.UNLIMITED), 0);
        exchange.received(WEB.id(), TOKEN, codec.encode(new WireMessage.Unchanged(3)), 10);
        exchange.received(OTHER.id(), Grant.FULL, knowledge(WEB, 4, Claims.UNLIMITED), 20);

        assertThat(told).containsExactly("web 3 " + Claims.UNLIMITED, "web 3 " + LIMITS);
    }

    private Exchange in(Member self, Member... members) {
        MembershipEvents events = new MembershipEvents() {
            @Override
            public void viewChanged(ClusterView view) {}

            @Override
            public void announced(Member member, Announcement announcement, Claims claims) {
                told.add(member.name() + " " + announcement.revision() + " " + claims);
            }

            @Override
            public void noted(Member from, String topic, String content) {
                told.add(from.name() + ": " + topic + " " + content);
            }

            @Override
            public void troubled(String message) {
                troubles.add(message);
            }
        };
        Exchange exchange = new Exchange(self, events, (to, message) -> sent.add(message), new Random(7));
        exchange.viewChanged(new ClusterView(self, List.of(members), Set.of()), false, 0);
        sent.clear();
        return exchange;
    }

    private byte[] offer(long revision) {
        return codec.encode(new WireMessage.Offer(announcement(revision)));
    }

    private byte[] knowledge(Member about, long revision, Claims claims) {
        return codec.encode(new WireMessage.Knowledge(about.id(), announcement(revision), claims));
    }

    private static Announcement announcement(long revision) {
        return new Announcement(
                revision,
                null,
                List.of(new Application(
                        "blog",
                        List.of(),
                        List.of("/"),
                        null,
                        8081,
                        ApplicationProtocol.HTTP,
                        null,
                        100,
                        null,
                        ApplicationOptions.NONE)));
    }

    private static Member member(String id, String name, Role role) {
        return new Member(id, name, role, new InetSocketAddress("10.0.0.1", 9999));
    }
}
