package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.certificates.EcKeys;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.shredzone.acme4j.Status;

/** Which orders are taken up again. */
class OrderKeysTest {
    @Test
    void anOrderThatIsBeingSignedIsOfUseWhereItsKeyIs() {
        assertThat(OrderRun.useful(Status.PENDING, false)).isTrue();
        assertThat(OrderRun.useful(Status.READY, false)).isTrue();
        assertThat(OrderRun.useful(Status.PROCESSING, true)).isTrue();
        assertThat(OrderRun.useful(Status.VALID, true)).isTrue();
        assertThat(OrderRun.useful(Status.PROCESSING, false)).isFalse();
        assertThat(OrderRun.useful(Status.VALID, false)).isFalse();
        assertThat(OrderRun.useful(Status.INVALID, true)).isFalse();
    }

    @Test
    void aKeyIsOfOneOrderAlone() {
        OrderKeys keys = new OrderKeys();
        KeyPair pair = EcKeys.generate();
        keys.keep("shop.example.com", "https://authority.example/1", pair);

        assertThat(keys.of("shop.example.com", "https://authority.example/1")).contains(pair);
        assertThat(keys.of("shop.example.com", "https://authority.example/2")).isEmpty();
        keys.forget("shop.example.com");
        assertThat(keys.of("shop.example.com", "https://authority.example/1")).isEmpty();
    }
}
