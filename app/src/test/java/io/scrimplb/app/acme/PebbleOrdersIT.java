package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrimplb.app.acme.LocalCluster.Balancer;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Orders at a real authority, without the proxy: what stands on the boards, who answers, and what becomes of failures. */
@Timeout(120)
class PebbleOrdersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST = "shop.example.test";

    @TempDir
    Path directory;

    private final LocalCluster cluster = new LocalCluster();

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void oneOrdersAnotherAnswersAndBothHaveTheSameCertificateWithoutBouncyCastle() throws Exception {
        int http = Pebble.free();
        try (Pebble pebble = Pebble.startOrSkip(
                directory,
                List.of(),
                "127.0.0.1",
                new Pebble.Validation(http, Pebble.free()),
                Duration.ofDays(90),
                "127.0.0.1")) {
            pebble.root();
            Balancer first = cluster.join(settings(pebble, "one", http));
            Balancer second = cluster.join(settings(pebble, "two", http));
            // The authority reaches only the one that does not order.
            cluster.answerHttp(http, second);

            first.service.held(Set.of(HOST));
            second.service.held(Set.of(HOST));

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(leaf(first)).as(pebble.log()).isPresent();
                assertThat(leaf(second)).isEqualTo(leaf(first));
            });
            Balancer third = cluster.join(settings(pebble, "three", http));
            await().atMost(PATIENCE).until(() -> third.service.notReady().isEmpty());
            assertThat(leaf(third)).isEqualTo(leaf(first));
            assertThat(first.meters
                                    .counter(AcmeMetricNames.ORDERS, "result", "issued")
                                    .count()
                            + second.meters
                                    .counter(AcmeMetricNames.ORDERS, "result", "issued")
                                    .count())
                    .isEqualTo(1);
            assertThat(second.heard).noneMatch(text -> text.contains("PRIVATE KEY"));
            assertThat(Set.of("org.bouncycastle.asn1.ASN1Integer", "org.bouncycastle.pkcs.PKCS10CertificationRequest"))
                    .allSatisfy(name ->
                            assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class));
        }
    }

    private static Optional<X509Certificate> leaf(Balancer balancer) {
        return balancer.certificate(HOST).map(CertificateSpec::chain).map(chain -> chain.get(0));
    }

    private AcmeSettings settings(Pebble pebble, String name, int http) {
        return new AcmeSettings(
                "me@example.com",
                pebble.directoryUrl(),
                Optional.of(pebble.roots()),
                Optional.empty(),
                ChallengeChoice.AUTO,
                false,
                http,
                directory.resolve(name));
    }
}
