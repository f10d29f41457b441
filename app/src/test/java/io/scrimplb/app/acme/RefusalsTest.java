package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.toolbox.JSON;

/** What follows from an authority's refusal. */
class RefusalsTest {
    static Problem problem(String type) throws Exception {
        URL at = URI.create("https://authority.example/").toURL();
        return new Problem(JSON.parse("{\"type\":\"urn:ietf:params:acme:error:" + type + "\"}"), at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alreadyReplaced", "unauthorized", "malformed", "serverInternal", "conflict"})
    void aRenewalThatIsRefusedForWhatItReplacesIsOrderedOnceMore(String type) throws Exception {
        assertThat(Refusals.worthANewOrder(new AcmeServerException(problem(type))))
                .isTrue();
    }

    @Test
    void whatWouldBefallAnyNameIsTold() throws Exception {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (Exception fault : List.of(
                new AcmeNetworkException(new IOException("refused")),
                new AcmeRateLimitedException(problem("rateLimited"), null, List.of()),
                new AcmeServerException(problem("serverInternal")),
                new AcmeException("HTTP 503"))) {
            assertThat(Refusals.of(fault, now).ofAll()).as(fault.toString()).isTrue();
        }
        assertThat(Refusals.of(new AcmeServerException(problem("rejectedIdentifier")), now)
                        .ofAll())
                .isFalse();
    }

    @Test
    void aLimitOrAnUnknownAccountIsNotAskedAgain() throws Exception {
        assertThat(Refusals.worthANewOrder(new AcmeRateLimitedException(problem("rateLimited"), null, List.of())))
                .isFalse();
        assertThat(Refusals.worthANewOrder(new AcmeServerException(problem("accountDoesNotExist"))))
                .isFalse();
    }
}
