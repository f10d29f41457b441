package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.acme.Preflight.Outcome;
import io.scrimplb.app.acme.Preflight.Reached;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is known of a name before an authority is asked. */
class PreflightTest {
    private static final String HOST = "shop.example.com";

    @Test
    void aNameWithoutAnAddressIsNotOrderedFor() {
        assertThat(Preflight.objection(HOST, List.of(), ips("203.0.113.1")).orElseThrow())
                .contains("has no address");
    }

    @Test
    void oneForeignAddressIsEnoughWhereLoadBalancersHavePublicOnes() {
        assertThat(Preflight.objection(HOST, ips("203.0.113.1", "203.0.113.2"), ips("203.0.113.1", "203.0.113.2")))
                .isEmpty();
        assertThat(Preflight.objection(HOST, ips("203.0.113.1", "198.51.100.9"), ips("203.0.113.1", "10.0.0.1"))
                        .orElseThrow())
                .contains("198.51.100.9");
    }

    @Test
    void behindTranslatedAddressesForeignOnesMayBeOurs() {
        assertThat(Preflight.objection(HOST, ips("203.0.113.1"), ips("10.0.0.1")))
                .isEmpty();
        // As in most clouds: IPv4 is translated, IPv6 is not.
        assertThat(Preflight.objection(HOST, ips("203.0.113.1", "2001:db8::1"), ips("10.0.0.1", "2001:db8::1")))
                .isEmpty();
        assertThat(Preflight.objection(HOST, ips("203.0.113.1", "2001:db8::9"), ips("10.0.0.1", "2001:db8::1")))
                .isPresent();
    }

    @Test
    void somebodyElsesAnswerIsAnObjectionAndSilenceOnlyAtOurOwnAddress() {
        Set<InetAddress> own = ips("10.0.0.1");

        assertThat(Preflight.objection(HOST, new Reached(Outcome.OURS, ""), ips("203.0.113.1"), own))
                .isEmpty();
        assertThat(Preflight.objection(HOST, new Reached(Outcome.OTHER, "status 404"), ips("203.0.113.1"), own)
                        .orElseThrow())
                .contains("status 404");
        assertThat(Preflight.objection(HOST, new Reached(Outcome.NOBODY, "timeout"), ips("203.0.113.1"), own))
                .as("a hairpin is no reason to give up")
                .isEmpty();
        assertThat(Preflight.objection(HOST, new Reached(Outcome.NOBODY, "timeout"), ips("10.0.0.1"), own))
                .isPresent();
    }

    private static Set<InetAddress> ips(String... literals) {
        return Arrays.stream(literals)
                .map(literal -> {
                    try {
                        return InetAddress.getByName(literal);
                    } catch (UnknownHostException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .collect(Collectors.toSet());
    }
}
