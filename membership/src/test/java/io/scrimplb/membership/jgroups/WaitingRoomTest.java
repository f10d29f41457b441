package io.scrimplb.membership.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.membership.wire.WireLimits;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private final WaitingRoom room = new WaitingRoom();

    @Test
    void oneSenderCannotTakeTheRoomOfTheOthers() {
        int messages = fill("greedy");

        assertThat(messages).isEqualTo(2);
        assertThat(room.enter("honest", WireLimits.MESSAGE_BYTES)).isTrue();
    }

    @Test
    void allTogetherAreBounded() {
        int messages = 0;
        for (int i = 0; i < 100; i++) {
            messages += fill("sender-" + i);
        }

        assertThat(messages).isEqualTo(8);
    }

    @Test
    void roomThatIsLeftIsFreeAndTheSenderForgotten() {
        int messages = fill("web");
        for (int i = 0; i < messages; i++) {
            room.leave("web", WireLimits.MESSAGE_BYTES);
        }

        assertThat(room.senders()).isZero();
        assertThat(fill("web")).isEqualTo(messages);
    }

    private int fill(String sender) {
        int messages = 0;
        while (room.enter(sender, WireLimits.MESSAGE_BYTES)) {
            messages++;
        }
        return messages;
    }
}
