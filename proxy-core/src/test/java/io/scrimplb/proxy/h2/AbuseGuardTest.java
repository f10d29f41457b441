package io.scrimplb.proxy.h2;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import org.junit.jupiter.api.Test;

class AbuseGuardTest {
    private final AbuseGuard guard = new AbuseGuard(0);

    private void ping(int count) throws Http2Exception {
        for (int i = 0; i < count; i++) {
            guard.frame(8, Http2FrameTypes.PING, 0, 0);
        }
    }

    @Test
    void onePingForEachPieceOfDataIsNoFlood() {
        assertThatCode(() -> {
                    for (int i = 0; i < 100 * AbuseGuard.IDLE_FRAMES; i++) {
                        guard.sent(1);
                        ping(1);
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void pingsWithoutDataAre() {
        assertThatThrownBy(() -> ping(AbuseGuard.IDLE_FRAMES + 1)).hasMessageContaining("carry nothing");
    }

    @Test
    void twoWindowsGivenBackForEachTinyRequestThatIsAnsweredAreNoFlood() {
        assertThatCode(() -> {
                    for (int i = 0; i < 100 * AbuseGuard.IDLE_FRAMES; i++) {
                        guard.sent(1);
                        guard.frame(4, Http2FrameTypes.WINDOW_UPDATE, 0, 0);
                        guard.frame(4, Http2FrameTypes.WINDOW_UPDATE, 0, 0);
                        guard.answered();
                    }
                })
                .doesNotThrowAnyException();
    }

    @Test
    void moreThanOneForEachPieceAre() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 2 * AbuseGuard.IDLE_FRAMES; i++) {
                        guard.sent(1);
                        ping(2);
                    }
                })
                .hasMessageContaining("carry nothing");
    }
}
