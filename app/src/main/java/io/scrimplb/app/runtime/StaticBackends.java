package io.scrimplb.app.runtime;

import io.scrimplb.app.config.HostPort;
import io.scrimplb.app.config.StaticBackendConfig;
import io.scrimplb.app.registry.StaticApplication;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The applications of the load balancer's own file, their host names looked up. */
final class StaticBackends {
    private StaticBackends() {}

    /** Blocks while names are looked up; a name that is not found is left unresolved, and reported by the registry. */
    static List<StaticApplication> resolve(List<StaticBackendConfig> configured) {
        List<StaticApplication> applications = new ArrayList<>();
        for (StaticBackendConfig backend : configured) {
            List<InetSocketAddress> addresses = new ArrayList<>();
            for (HostPort address : backend.addresses()) {
                addresses.add(new InetSocketAddress(address.host(), address.port()));
            }
            applications.add(new StaticApplication(
                    backend.name(),
                    addresses,
                    backend.listenPort().orElse(null),
                    backend.protocol(),
                    backend.domains(),
                    backend.paths(),
                    backend.weight(),
                    backend.options()));
        }
        return List.copyOf(applications);
    }
}
