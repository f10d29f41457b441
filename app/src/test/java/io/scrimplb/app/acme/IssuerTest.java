package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.config.AcmeConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is begun and ended, with a clock of the test. */
@Timeout(60)
class IssuerTest {
    private static final String HOST = "shop.example.com";

    @TempDir
    Path directory;

    private final ServiceThreads threads = new ServiceThreads(Issuer.AT_ONCE);
    private final ThreadPoolExecutor pool = (ThreadPoolExecutor) threads.pool();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private AcmeState state;

    @AfterEach
    void end() {
        threads.close(() -> {}, () -> {});
    }

    @Test
    void anOrderWhoseAuthorityGoesSilentEndsAndGivesItsPlaceBack() throws Exception {
        try (SilentAuthority authority = new SilentAuthority()) {
            Issuer issuer = issuer(AcmeConfig.Challenge.AUTO, authority.directory(), HOST);
            tick(issuer);
            authority.awaitCalls(1);

            now = now.plus(Issuer.LONGEST).plusSeconds(1);
            tick(issuer);

            assertThat(state.ledger().name(HOST).cause()).contains("did not end within");
            await().atMost(Duration.ofSeconds(30)).until(() -> pool.getActiveCount() == 0);
            now = state.ledger().nextAttempt(HOST, now);
            tick(issuer);
            authority.awaitCalls(2);
        }
    }

    @Test
    void aNameAndItsWildcardTakeTurnsWhereOneRecordProvesBoth() throws Exception {
        try (SilentAuthority authority = new SilentAuthority()) {
            tick(issuer(AcmeConfig.Challenge.DNS_01, authority.directory(), HOST, "*." + HOST, "b.example.com"));
            // A pool counts a task that is just being taken up a moment late.
            await().untilAsserted(() -> assertThat(pool.getTaskCount()).isEqualTo(2));
            tick(issuer(AcmeConfig.Challenge.AUTO, authority.directory(), HOST, "*." + HOST, "b.example.com"));
            await().untilAsserted(() -> assertThat(pool.getTaskCount()).isEqualTo(2 + 3));
        }
    }

    private void tick(Issuer issuer) throws Exception {
        threads.turn().submit(issuer::tick).get();
    }

    private Issuer issuer(AcmeConfig.Challenge challenge, URI authority, String... hosts) {
        AcmeSettings settings = new AcmeSettings(
                "me@example.com",
                authority,
                Optional.empty(),
                Optional.of(Path.of("/bin/true")),
                challenge,
                false,
                80,
                directory);
        InstantSource source = () -> now;
        state = new AcmeState(new StateDirectory(directory), source.withZone(ZoneOffset.UTC));
        state.wanted(new Wanted(new TreeSet<>(List.of(hosts)), new TreeMap<>()));
        Sharing sharing =
                new Sharing(state, new PeerCodec("authority"), Set::of, (to, text) -> {}, (probe, answer) -> {});
        sharing.view(List.of("a"), "a");
        return new Issuer(
                new Surroundings(
                        settings,
                        new Authority(settings),
                        new Lookout(),
                        source.withZone(ZoneOffset.UTC),
                        new SplittableRandom(1)),
                state,
                sharing,
                new Display(new CertificateBoard(source.withZone(ZoneOffset.UTC)), state, settings),
                threads,
                new OrderMetrics(new SimpleMeterRegistry()));
    }
}
