package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.scrimplb.app.acme.LocalCluster.Balancer;
import io.scrimplb.app.config.AcmeConfig;
import io.scrimplb.proxy.spec.CertificateSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    private final LocalCluster others = new LocalCluster();

    @AfterEach
    void end() throws Exception {
        cluster.close();
        others.close();
    }

    @Test
    void oneOrdersAnotherAnswersAndBothHaveTheSameCertificateWithoutBouncyCastle() throws Exception {
        int http = Pebble.free();
        try (Pebble pebble = pebble(http, Pebble.free())) {
            pebble.root();
            Balancer first = cluster.join(settings(pebble, "one", AcmeConfig.Challenge.AUTO, Optional.empty()));
            Balancer second = cluster.join(settings(pebble, "two", AcmeConfig.Challenge.AUTO, Optional.empty()));
            // The authority reaches only the one that does not order.
            cluster.answerHttp(http, second);

            first.service.held(Set.of(HOST));
            second.service.held(Set.of(HOST));

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(leaf(first)).as(pebble.log()).isPresent();
                assertThat(leaf(second)).isEqualTo(leaf(first));
            });
            Balancer third = cluster.join(settings(pebble, "three", AcmeConfig.Challenge.AUTO, Optional.empty()));
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

    @Test
    void anOrderIsTakenUpAgainByTheNextWhenTheOneThatOrdersGoesInTheMiddle() throws Exception {
        int http = Pebble.free();
        try (Pebble pebble = pebble(http, Pebble.free())) {
            pebble.root();
            Balancer first = cluster.join(settings(pebble, "one", AcmeConfig.Challenge.AUTO, Optional.empty()));
            Balancer second = cluster.join(settings(pebble, "two", AcmeConfig.Challenge.AUTO, Optional.empty()));
            cluster.answerHttp(http, second);
            first.service.held(Set.of(HOST));
            second.service.held(Set.of(HOST));
            await().atMost(PATIENCE).until(() -> pebble.log().contains("Pulled a task"));

            cluster.kill(first);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(leaf(second))
                            .as(second.problems(HOST) + pebble.log())
                            .isPresent());
            assertThat(pebble.log()).as("one account").doesNotContain("There are now 2 accounts");
            assertThat(pebble.log()).as("one order").doesNotContain("There are now 2 orders");
        }
    }

    @Test
    void aHostIsProvedByAlpnAWildcardByTheHookAndAFailureIsShownWithItsCause() throws Exception {
        int tls = Pebble.free();
        try (Pebble pebble = pebble(Pebble.free(), tls)) {
            pebble.root();
            Balancer balancer =
                    cluster.join(settings(pebble, "one", AcmeConfig.Challenge.TLS_ALPN_01, Optional.of(pebble.hook())));
            Balancer hopeless = others.join(settings(pebble, "two", AcmeConfig.Challenge.HTTP_01, Optional.empty()));
            cluster.answerAlpn(tls, balancer);

            balancer.service.held(Set.of(HOST, "*.wild.test"));
            hopeless.service.held(Set.of("nobody.test", "10.0.0.1", "single"));

            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(leaf(balancer))
                        .as(balancer.problems(HOST) + pebble.log())
                        .isPresent();
                assertThat(balancer.certificate("*.wild.test"))
                        .as(balancer.problems("*.wild.test") + pebble.log())
                        .isPresent();
                assertThat(hopeless.problems("nobody.test"))
                        .singleElement()
                        .asString()
                        .contains("the authority says ")
                        .contains("tried again at ")
                        .doesNotContain("\n");
            });
            assertThat(hopeless.meters
                            .counter(AcmeMetricNames.ORDERS, "result", "failed")
                            .count())
                    .isEqualTo(1);
            assertThat(pebble.log()).doesNotContain("10.0.0.1").doesNotContain("single");
        }
    }

    @Test
    void whoIsStoppedInTheMiddleOfDnsLeavesTheRecordToWhoeverTakesUpTheOrder() throws Exception {
        Path said = Files.createFile(directory.resolve("said"));
        Path hook = Files.writeString(
                directory.resolve("slow-hook"),
                "#!/bin/sh\necho $1 >>" + said + "\nif [ $1 = present ]; then exec sleep 300; fi\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
        try (Pebble pebble = pebble(Pebble.free(), Pebble.free())) {
            pebble.root();
            Balancer first = cluster.join(settings(pebble, "one", AcmeConfig.Challenge.DNS_01, Optional.of(hook)));
            first.service.held(Set.of(HOST));
            await().atMost(PATIENCE).until(() -> Files.readString(said).contains("present"));

            cluster.kill(first);

            assertThat(said).hasContent("present");
        }
    }

    private Pebble pebble(int http, int tls) throws Exception {
        return Pebble.startOrSkip(
                directory, List.of(), "127.0.0.1", new Pebble.Validation(http, tls), Duration.ofDays(90), "127.0.0.1");
    }

    private static Optional<X509Certificate> leaf(Balancer balancer) {
        return balancer.certificate(HOST).map(CertificateSpec::chain).map(chain -> chain.get(0));
    }

    private AcmeSettings settings(Pebble pebble, String name, AcmeConfig.Challenge challenge, Optional<Path> hook) {
        return new AcmeSettings(
                "me@example.com",
                pebble.directoryUrl(),
                Optional.of(pebble.roots()),
                hook,
                challenge,
                false,
                80,
                directory.resolve(name));
    }
}
