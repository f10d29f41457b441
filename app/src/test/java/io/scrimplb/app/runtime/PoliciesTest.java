package io.scrimplb.app.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.scrimplb.app.config.ConfigLoader;
import io.scrimplb.app.config.LoadBalancerConfig;
import io.scrimplb.app.config.LoadRequest;
import io.scrimplb.app.config.Overrides;
import io.scrimplb.app.registry.ClaimPolicy;
import io.scrimplb.membership.Role;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of a fresh configuration is in force after a reload. */
@Timeout(30)
class PoliciesTest {
    private static final ListenDefaults LISTEN = new ListenDefaults(InetAddress.getLoopbackAddress(), 80, 443);
    private static final String ACME = "\"acme\": {\"email\": \"me@example.com\", \"agree-to-terms\": true}";

    @TempDir
    Path directory;

    private LoadBalancerConfig config(String keys) throws Exception {
        Path file = Files.writeString(directory.resolve("lb.json"), "{\"load-balancer-config\": {" + keys + "}}");
        return new ConfigLoader(Map.of(), List.of())
                .load(new LoadRequest(Optional.of(file), Optional.of(Role.LOAD_BALANCER), Overrides.NONE))
                .config()
                .loadBalancer();
    }

    private static ClaimPolicy reloaded(LoadBalancerConfig start, LoadBalancerConfig fresh) {
        return Policies.of(fresh, start.tls(), LISTEN, Set.of()).claims();
    }

    @Test
    void automaticCertificatesThatComeOrGoChangeNoListenerBeforeARestart() throws Exception {
        LoadBalancerConfig without = config("");
        LoadBalancerConfig with = config(ACME);
        assertThat(reloaded(without, with)).isEqualTo(reloaded(without, without));
        assertThat(reloaded(without, with).defaultListenPort()).isEqualTo(80);
        assertThat(reloaded(with, without)).isEqualTo(reloaded(with, with));
        assertThat(reloaded(with, without).defaultListenPort()).isEqualTo(443);
    }

    @Test
    void certificatesInFilesTakeNoRestart() throws Exception {
        LoadBalancerConfig without = config("");
        LoadBalancerConfig files = config("\"certificates\": [{\"chain\": \"a.pem\", \"key\": \"a.key\"}]");
        assertThat(reloaded(without, files).tls().on()).isTrue();
        assertThat(reloaded(without, files).defaultListenPort()).isEqualTo(443);
        assertThat(reloaded(files, without).tls().on()).isFalse();
    }
}
