package io.scrimplb.app.runtime;

import io.scrimplb.app.admin.AdminException;
import io.scrimplb.app.admin.AdminServer;
import io.scrimplb.app.admin.AdminSettings;
import io.scrimplb.app.admin.AdminSources;
import io.scrimplb.app.config.AdminConfig;
import io.scrimplb.app.config.HostPort;
import io.scrimplb.membership.Role;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the admin address. */
final class Admin {
    private static final Logger log = LoggerFactory.getLogger(Admin.class);

    /** Ports tried after a backend's default one, so that several agents fit on a machine unconfigured. */
    private static final int BACKEND_PORT_RANGE = 100;

    private Admin() {}

    /** @return null when it is off */
    static @Nullable AdminServer start(AdminConfig config, Role role, AdminSources sources) throws StartException {
        HostPort wanted = config.addressFor(role).orElse(null);
        if (wanted == null) {
            return null;
        }
        int range = role == Role.BACKEND && config.address().isEmpty() ? BACKEND_PORT_RANGE : 0;
        for (int offset = 0; ; offset++) {
            InetSocketAddress address = new InetSocketAddress(wanted.host(), wanted.port() + offset);
            if (address.isUnresolved()) {
                throw new StartException(
                        StartException.Kind.CONFIGURATION,
                        "admin-address " + wanted + ": the host is not known; use an address, like 127.0.0.1");
            }
            try {
                AdminServer server = AdminServer.start(
                        new AdminSettings(address, config.token().orElse(null)), sources);
                log.info("admin address http://{}/", Addresses.text(server.address()));
                return server;
            } catch (AdminException e) {
                if (e.reason() == AdminException.Reason.CONFIGURATION) {
                    throw new StartException(StartException.Kind.CONFIGURATION, String.valueOf(e.getMessage()));
                }
                if (offset >= range) {
                    throw new StartException(StartException.Kind.PORT, String.valueOf(e.getMessage()));
                }
            }
        }
    }
}
