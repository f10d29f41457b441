package io.scrimplb.membership.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationProtocol;
import io.scrimplb.membership.wire.WireCodec;
import io.scrimplb.membership.wire.WireMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnOfferTest {
    private final OwnOffer offer = new OwnOffer(new WireCodec());

    @Test
    void nothingIsOfferedAtFirst() {
        assertThat(offer.answer(WireMessage.NOTHING_KNOWN)).isEqualTo(new WireMessage.Offer(Announcement.NONE));
    }

    @Test
    void changeWithoutAHigherRevisionGetsTheNextOne() {
        offer.announce(announcement(0, "blog"));
        assertThat(offer.current().revision()).isEqualTo(1);

        assertThat(offer.announce(announcement(0, "blog")).changed())
                .as("the same")
                .isFalse();
        assertThat(offer.announce(announcement(0, "shop")).changed()).isTrue();
        assertThat(offer.current()).isEqualTo(announcement(2, "shop"));
        offer.announce(announcement(9, "cart"));
        assertThat(offer.current().revision()).isEqualTo(9);
    }

    @Test
    void announcementThatWasOvertakenByANewerOneIsDropped() {
        offer.announce(announcement(6, "new"));

        assertThat(offer.announce(announcement(5, "old")).changed()).isFalse();

        assertThat(offer.current()).isEqualTo(announcement(6, "new"));
    }

    @Test
    void askerThatIsCurrentHearsThatNothingChanged() {
        offer.announce(announcement(5, "blog"));

        assertThat(offer.answer(5)).isEqualTo(new WireMessage.Unchanged(5));
        assertThat(offer.answer(4)).isEqualTo(new WireMessage.Offer(announcement(5, "blog")));
    }

    @Test
    void whatBreaksTheRulesIsLeftOutWithAReason() {
        OwnOffer.Outcome outcome = offer.announce(announcement(1, "blog", "blog", "a b"));

        assertThat(offer.current()).isEqualTo(announcement(1, "blog"));
        assertThat(outcome.problems()).hasSize(2);
    }

    private static Announcement announcement(long revision, String... names) {
        return new Announcement(
                revision,
                null,
                List.of(names).stream()
                        .map(name -> new Application(
                                name,
                                List.of(),
                                List.of("/"),
                                null,
                                80,
                                ApplicationProtocol.HTTP,
                                null,
                                100,
                                null,
                                ApplicationOptions.NONE))
                        .toList());
    }
}
