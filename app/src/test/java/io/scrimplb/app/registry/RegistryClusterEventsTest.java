package io.scrimplb.app.registry;

import static io.scrimplb.app.registry.TestCluster.http;
import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Role;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a load balancer does on a cluster event. */
@Timeout(30)
class RegistryClusterEventsTest {
    private final TestCluster cluster = new TestCluster();

    @BeforeEach
    void twoBackendsOfferBlog() {
        cluster.joinBackends("web1", "web2");
        cluster.announce("web1", http("blog"));
        cluster.announce("web2", http("blog"));
    }

    private List<String> events(Registry.ViewOutcome outcome) {
        return outcome.members().stream()
                .map(change -> change.role() + " " + change.event().label())
                .toList();
    }

    private MemberStatus.Condition condition(String name) {
        return cluster.registry.status().members().stream()
                .filter(member -> member.id().equals(cluster.member(name).id()))
                .findFirst()
                .orElseThrow()
                .condition();
    }

    @Test
    void aLoadBalancerThatJoinsOrLeavesChangesNoRoute() {
        long revision = cluster.registry.spec().revision();
        assertThat(events(cluster.joinLoadBalancer("lb2"))).containsExactly("LOAD_BALANCER join");
        assertThat(condition("lb2")).isEqualTo(MemberStatus.Condition.PRESENT);
        assertThat(events(cluster.leave("lb2"))).containsExactly("LOAD_BALANCER leave");
        assertThat(cluster.registry.spec().revision()).isEqualTo(revision);
    }

    @Test
    void aSuspectedMemberIsFlaggedAndComesBack() {
        assertThat(events(cluster.see("web2"))).containsExactly("BACKEND suspect");
        assertThat(cluster.endpoints("blog")).containsExactly("web1", "web2?");
        assertThat(condition("web2")).isEqualTo(MemberStatus.Condition.SUSPECTED);
        assertThat(events(cluster.see())).containsExactly("BACKEND unsuspect");
        assertThat(cluster.endpoints("blog")).containsExactly("web1", "web2");
    }

    @Test
    void aMemberThatLeftIsOutAtOnce() {
        cluster.leave("web2");
        assertThat(cluster.endpoints("blog")).containsExactly("web1");
    }

    @Test
    void aMemberThatWasNeverConfirmedLeavesNoTrace() {
        cluster.joinBackends("silent");
        assertThat(condition("silent")).isEqualTo(MemberStatus.Condition.ASKED);
        cluster.leave("silent");
        assertThat(cluster.registry.status().members()).hasSize(3);
    }

    @Test
    void backendsThatDieOneAfterTheOtherAreBothOut() {
        cluster.leave("web1");
        cluster.pass(Duration.ofMillis(600));
        cluster.leave("web2");
        assertThat(cluster.endpoints("blog")).isEmpty();
        assertThat(cluster.registry.status().heldUntil()).isNull();
    }

    @Test
    void twoThatVanishAtOnceAreALostNetworkAndTheTableStays() {
        long revision = cluster.registry.spec().revision();
        cluster.see("web1", "web2");
        cluster.leaveAll();
        assertThat(cluster.endpoints("blog")).containsExactly("web1", "web2");
        assertThat(cluster.registry.spec().revision()).isEqualTo(revision);
        assertThat(condition("web1")).isEqualTo(MemberStatus.Condition.HELD);
        assertThat(cluster.problems())
                .singleElement()
                .asString()
                .startsWith("cluster: all others went out of sight at once");
    }

    @Test
    void thoseWhoseEndpointsStayAreToldAsHeldAndCountedAsLeft() {
        assertThat(cluster.leaveAll().members())
                .extracting(MemberChange::event)
                .containsExactly(MemberEvent.HELD, MemberEvent.HELD)
                .allSatisfy(event -> assertThat(event.metricLabel()).contains("leave"));
    }

    @Test
    void backendsThatTookTheirOffersBackAndLeftAreGoneHoweverQuicklyTheyWent() {
        cluster.backend("web3", http("blog"));
        cluster.announce("web1");
        cluster.leave("web1");
        cluster.pass(Duration.ofMillis(110));
        cluster.announce("web2");
        cluster.announce("web3");
        assertThat(events(cluster.leaveAll())).containsExactly("BACKEND leave", "BACKEND leave");
        assertThat(cluster.endpoints("blog")).isEmpty();
        assertThat(cluster.registry.status().heldUntil()).isNull();
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void whoLeftOnPurposeIsNeitherEvidenceOfACutNorBroughtBackByOne() {
        cluster.announce("web1");
        cluster.leave("web1");
        cluster.pass(Duration.ofMillis(100));
        cluster.leave("web2");
        assertThat(cluster.endpoints("blog")).isEmpty();
        assertThat(cluster.registry.status().heldUntil()).isNull();
    }

    @Test
    void aCutAfterADepartureHoldsOnlyThoseThatDidNotDepart() {
        cluster.backend("web3", http("blog"));
        cluster.announce("web1");
        cluster.leave("web1");
        cluster.leaveAll();
        assertThat(cluster.endpoints("blog")).containsExactly("web2", "web3");
        assertThat(cluster.registry.status().members())
                .extracting(MemberStatus::id)
                .doesNotContain(cluster.member("web1").id());
    }

    @Test
    void loadBalancersThatLeaveTogetherAreNotHeldSinceTheyOfferNothing() {
        cluster.announce("web1");
        cluster.announce("web2");
        cluster.leave("web1", "web2");
        cluster.joinLoadBalancer("lb2");
        cluster.joinLoadBalancer("lb3");
        assertThat(events(cluster.leaveAll())).containsExactly("LOAD_BALANCER leave", "LOAD_BALANCER leave");
        assertThat(cluster.registry.status().heldUntil()).isNull();
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void aGoodbyeThatComesBehindTheViewEndsTheHold() {
        cluster.leaveAll();
        assertThat(cluster.announce("web1")).isTrue();
        assertThat(cluster.endpoints("blog")).containsExactly("web2");
        cluster.announce("web2");
        assertThat(cluster.endpoints("blog")).isEmpty();
        assertThat(cluster.registry.status().heldUntil()).isNull();
        assertThat(cluster.registry.status().members()).hasSize(1);
    }

    @Test
    void aGoodbyeThatComesBehindTheLossOfTheMemberIsBelieved() {
        cluster.backend("web3", http("blog"));
        cluster.leave("web1");
        cluster.announce("web1");
        cluster.leaveAll();
        assertThat(cluster.endpoints("blog")).containsExactly("web2", "web3");
    }

    @Test
    void aSingleBackendBesideAnotherLoadBalancerIsHeldWhenBothVanish() {
        cluster.leave("web2");
        cluster.joinLoadBalancer("lb2");
        cluster.pass(Duration.ofSeconds(10));
        cluster.leave("lb2");
        cluster.pass(Duration.ofMillis(500));
        cluster.leave("web1");
        assertThat(cluster.endpoints("blog")).containsExactly("web1");
    }

    @Test
    void aCutThatIsNoticedInRoundsIsStillACut() {
        cluster.backend("web3", http("blog"));
        cluster.leave("web1", "web2");
        assertThat(cluster.endpoints("blog")).containsExactly("web3");
        cluster.pass(Duration.ofMillis(500));
        cluster.leave("web3");
        assertThat(cluster.endpoints("blog")).containsExactly("web1", "web2", "web3");
    }

    @Test
    void afterTheGraceTimeTheMissingAreTakenAsGone() {
        cluster.leaveAll();
        cluster.pass(Duration.ofMinutes(5).minusMillis(1));
        assertThat(cluster.endpoints("blog")).hasSize(2);
        cluster.pass(Duration.ofMillis(1));
        assertThat(cluster.endpoints("blog")).isEmpty();
        assertThat(cluster.problems()).isEmpty();
        assertThat(cluster.registry.status().members()).hasSize(1);
    }

    @Test
    void afterAMergeTheReturnedKeepWhatTheyOfferedAndTheMissingGo() {
        cluster.leaveAll();
        cluster.pass(Duration.ofSeconds(30));
        assertThat(events(cluster.joinBackends("web1"))).containsExactly("BACKEND join");
        assertThat(cluster.endpoints("blog")).containsExactly("web1", "web2");
        cluster.pass(Duration.ofSeconds(3));
        assertThat(cluster.endpoints("blog")).containsExactly("web1");
        assertThat(cluster.registry.status().heldUntil()).isNull();
    }

    @Test
    void aMergeThatComesInTwoViewsLosesNobody() {
        cluster.leaveAll();
        cluster.joinBackends("web1");
        cluster.pass(Duration.ofSeconds(1));
        cluster.joinBackends("web2");
        cluster.pass(Duration.ofMinutes(1));
        assertThat(cluster.endpoints("blog")).containsExactly("web1", "web2");
        assertThat(cluster.problems()).isEmpty();
    }

    @Test
    void afterAHealedCutASingleDeathIsADeathAgain() {
        cluster.leaveAll();
        cluster.joinBackends("web1", "web2");
        cluster.pass(Duration.ofSeconds(10));
        cluster.leave("web1");
        cluster.pass(Duration.ofSeconds(10));
        cluster.leave("web2");
        assertThat(cluster.endpoints("blog")).isEmpty();
    }

    @Test
    void theTableIsSettledOnceEveryBackendOfTheViewHasTold() {
        assertThat(cluster.registry.settled()).isTrue();
        cluster.joinBackends("web3");
        cluster.joinLoadBalancer("lb2");
        assertThat(cluster.registry.settled()).isFalse();
        cluster.announce("web3");
        assertThat(cluster.registry.settled()).isTrue();
    }

    @Test
    void nothingIsSettledBeforeTheFirstView() {
        Registry fresh = new Registry(TestCluster.policy(List.of()), cluster.clock, TestCluster.NO_CERTIFICATES);
        assertThat(fresh.settled()).isFalse();
        assertThat(fresh.view(cluster.currentView()).changed()).isTrue();
    }

    @Test
    void anAnnouncementOfAStrangerIsIgnored() {
        cluster.leave("web2");
        assertThat(cluster.announce("web2", http("ghost"))).isFalse();
    }

    @Test
    void aLoadBalancerCannotOfferApplications() {
        cluster.joinLoadBalancer("lb2");
        assertThat(cluster.announce("lb2", http("ghost"))).isFalse();
    }

    @Test
    void aMembersHandleIsReadableUniqueAndSafe() {
        cluster.joinBackends("we\nb \"x\"");
        assertThat(cluster.registry.status().members())
                .filteredOn(member -> member.role() == Role.BACKEND)
                .extracting(MemberStatus::handle)
                .allMatch(handle -> handle.matches("[A-Za-z0-9._-]+-[0-9a-f]{8}"))
                .doesNotHaveDuplicates();
    }

    @Test
    void aProblemKeepsTheDateOfItsFirstSight() {
        cluster.backend("web3", TestCluster.httpAt(22, "ssh"));
        Problem first = cluster.registry.problems().get(0);
        cluster.pass(Duration.ofMinutes(1));
        cluster.joinBackends("web4");
        assertThat(cluster.registry.problems()).containsExactly(first);
    }
}
