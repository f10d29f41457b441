package io.scrimplb.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user reads when a kind of sockets cannot be used. */
class SocketApiTest {
    @ParameterizedTest
    @CsvSource({
        "io_uring_setup(): Operation not permitted, seccomp",
        "io_uring_setup(): Permission denied, kernel.io_uring_disabled",
        "io_uring_setup(): Function not implemented, kernel",
        "io_uring_setup(): Cannot allocate memory, ulimit -l"
    })
    void theReasonNamesTheUsualCause(String message, String cause) {
        Throwable failure = new IllegalStateException("outer", new RuntimeException(message));

        assertThat(SocketApi.reason(failure)).startsWith(message).contains(cause);
    }

    @Test
    void theReasonIsOneLineEvenWhenTheFailureIsNot() {
        assertThat(SocketApi.reason(new UnsatisfiedLinkError("no library\n\tat somewhere")))
                .isEqualTo("no library");
        assertThat(SocketApi.reason(new NullPointerException())).isEqualTo("NullPointerException");
    }

    @Test
    void theJdksOwnIsEverywhere() {
        assertThat(SocketApi.NIO.missing()).isNull();
    }
}
