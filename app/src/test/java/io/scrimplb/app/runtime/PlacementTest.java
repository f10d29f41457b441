package io.scrimplb.app.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.scrimplb.app.config.ConfigLoader;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.LoadedConfig;
import io.scrimplb.app.config.Overrides;
import io.scrimplb.membership.Role;
import io.scrimplb.membership.trust.ClusterSecret;
import io.scrimplb.seed.Seed;
import io.scrimplb.seed.address.AddressResolver;
import io.scrimplb.seed.address.PrivateAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a member listens, what it tells the others, and what it publishes. */
@Timeout(30)
class PlacementTest {
    private static final InetSocketAddress REACHED = new InetSocketAddress("10.0.0.7", 4711);

    private final Map<String, String> environment = new HashMap<>();

    private PlacementTest with(String key, String value) {
        environment.put("SCRIMP_" + key, value);
        return this;
    }

    private PlacementTest withSecret() {
        return with("CLUSTER_SECRET", ClusterSecret.generate().reveal());
    }

    private LoadedConfig load() throws Exception {
        return new ConfigLoader(environment, List.of())
                .load(new LoadRequest(Optional.empty(), Optional.of(Role.LOAD_BALANCER), Overrides.NONE));
    }

    private Placement place() throws Exception {
        return Placement.of(load(), Role.LOAD_BALANCER);
    }

    private Seed published() throws Exception {
        return Publication.ownSeed(load().config(), REACHED).get();
    }

    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    @Test
    void withoutASecretStrangersCannotReachWhatIsBound() throws Exception {
        Placement place = place();

        assertThat(place.bind()).isEqualTo(PrivateAddresses.firstPrivate());
        assertThat(PrivateAddresses.isPrivate(place.bind())).isTrue();
        assertThat(place.advertise()).isNull();
        assertThat(place.port()).isEqualTo(9999);
    }

    @Test
    void withoutASecretTheWildcardMeansThatToo() throws Exception {
        Placement place = with("BIND_ADDRESS", "0.0.0.0").place();

        assertThat(place.bind()).isEqualTo(PrivateAddresses.firstPrivate());
        assertThat(place.advertise()).isNull();
    }

    @Test
    void withASecretEveryAddressIsBoundAndTheResolversIsTold() throws Exception {
        Placement place = withSecret().with("RESOLVER", "static:203.0.113.7").place();

        assertThat(place.bind()).isEqualTo(address("0.0.0.0"));
        assertThat(place.advertise()).isEqualTo(address("203.0.113.7"));
        assertThat(place.advertisePort()).isZero();
    }

    @Test
    void theResolverIsAutoIfNobodySaysOtherwise() throws Exception {
        assertThat(withSecret().place().advertise())
                .isEqualTo(AddressResolver.parse("auto").resolve());
    }

    @Test
    void anIpv6AddressForOthersNeedsASocketThatHearsIt() throws Exception {
        Placement place = withSecret().with("RESOLVER", "static:2001:db8::7").place();

        assertThat(place.bind()).isEqualTo(address("::"));
        assertThat(place.advertise()).isEqualTo(address("2001:db8::7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void aWildcardThatIsSaidIsBoundAsItIs(String wildcard) throws Exception {
        Placement place = withSecret()
                .with("BIND_ADDRESS", wildcard)
                .with("RESOLVER", "static:203.0.113.7")
                .place();

        assertThat(place.bind()).isEqualTo(address(wildcard));
        assertThat(place.advertise()).isEqualTo(address("203.0.113.7"));
    }

    @Test
    void oneBoundAddressIsWhatOthersUse() throws Exception {
        Placement place = withSecret().with("BIND_ADDRESS", "203.0.113.7").place();

        assertThat(place.bind()).isEqualTo(address("203.0.113.7"));
        assertThat(place.advertise()).isNull();
    }

    @Test
    void theAdvertisedAddressAndPortCountWhateverIsBoundAndFound() throws Exception {
        Placement place = withSecret()
                .with("ADVERTISE_ADDRESS", "203.0.113.9")
                .with("ADVERTISE_PORT", "19999")
                .with("RESOLVER", "interface:no-such-interface")
                .place();

        assertThat(place.bind()).isEqualTo(address("0.0.0.0"));
        assertThat(place.advertise()).isEqualTo(address("203.0.113.9"));
        assertThat(place.advertisePort()).isEqualTo(19_999);
    }

    @Test
    void aResolverThatFindsNothingIsAMistakeOfTheConfiguration() {
        withSecret().with("RESOLVER", "interface:no-such-interface");

        assertThatThrownBy(this::place)
                .isInstanceOfSatisfying(
                        StartException.class,
                        failed -> assertThat(failed.kind()).isEqualTo(StartException.Kind.CONFIGURATION))
                .hasMessageContaining("no-such-interface")
                .hasMessageContaining("advertise-address");
    }

    @Test
    void theClustersPortIsKnownOnEveryAddressAndBehindANat() throws Exception {
        withSecret().with("ADVERTISE_ADDRESS", "203.0.113.9").with("ADVERTISE_PORT", "19999");

        assertThat(place().bound(new InetSocketAddress("203.0.113.9", 19_999)))
                .isEqualTo(new InetSocketAddress("0.0.0.0", 9999));
        assertThat(with("PORT", "0").with("ADVERTISE_PORT", "0").place().bound(REACHED))
                .isEqualTo(new InetSocketAddress("0.0.0.0", 4711));
    }

    @Test
    void whereTheClusterReachesItIsPublished() throws Exception {
        assertThat(published().hostPort()).isEqualTo("10.0.0.7:4711");
    }

    @Test
    void whatAResolverFindsIsPublishedWhenItWasSaid() throws Exception {
        assertThat(with("RESOLVER", "static:203.0.113.7").published().hostPort())
                .isEqualTo("203.0.113.7:4711");
    }

    @Test
    void theAdvertisedAddressAndPortArePublishedBeforeAllElse() throws Exception {
        with("ADVERTISE_ADDRESS", "203.0.113.9").with("ADVERTISE_PORT", "19999");

        assertThat(published().hostPort()).isEqualTo("203.0.113.9:19999");
        assertThat(with("RESOLVER", "static:203.0.113.7").published().hostPort())
                .isEqualTo("203.0.113.9:19999");
    }
}
