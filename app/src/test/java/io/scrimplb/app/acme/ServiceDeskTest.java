package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.certificates.CertificateBoard;
import io.scrimplb.app.config.AcmeConfig;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an order is told of the cluster. */
@Timeout(60)
class ServiceDeskTest {
    @TempDir
    Path directory;

    private final ScheduledExecutorService turn = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        turn.shutdownNow();
    }

    @Test
    void aNameThatLeadsToWhatThisLoadBalancerAdvertisesIsOurs() throws Exception {
        InetAddress own = InetAddress.getByName("203.0.113.7");
        InetAddress others = InetAddress.getByName("203.0.113.8");
        AcmeState state = new AcmeState(new StateDirectory(directory), Clock.systemUTC());
        Sharing sharing = new Sharing(
                state, new PeerCodec("authority"), () -> Set.of(own), (to, text) -> {}, (probe, answer) -> {});
        sharing.view(List.of("a", "b"), "a");
        state.peers().greeted("b", SealedBox.publicKey(new SealedBox().publicKey()), Set.of(others));

        Set<InetAddress> addresses = desk(state, sharing).addresses();

        assertThat(Preflight.objection("www.example.com", List.of(own, others), addresses))
                .isEmpty();
        assertThat(Preflight.objection("www.example.com", List.of(InetAddress.getByName("203.0.113.9")), addresses))
                .isPresent();
    }

    private ServiceDesk desk(AcmeState state, Sharing sharing) {
        AcmeSettings settings = new AcmeSettings(
                "me@example.com",
                URI.create("https://authority.invalid"),
                Optional.empty(),
                Optional.empty(),
                AcmeConfig.Challenge.AUTO,
                true,
                80,
                directory);
        return new ServiceDesk(
                new Surroundings(
                        settings, new Authority(settings), new Lookout(), Clock.systemUTC(), new SplittableRandom(1)),
                state,
                sharing,
                new Display(new CertificateBoard(Clock.systemUTC()), state, settings),
                turn,
                host -> {});
    }
}
