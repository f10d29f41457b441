package io.scrimplb.app.admin;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages out of the loopback address. A page may point its own name at 127.0.0.1 (DNS rebinding) and then read
 * what is there as its own origin; but the browser still says the page's name in {@code Host}. So only names of loopback
 * and the configured one are answered. A request without {@code Host} is no browser's.
 */
final class HostGuard {
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

    private final Set<String> names;

    HostGuard(String configuredHost) {
        Set<String> all = new HashSet<>(Set.of("localhost", "::1", "0:0:0:0:0:0:0:1"));
        all.add(configuredHost.toLowerCase(Locale.ROOT));
        this.names = Set.copyOf(all);
    }

    boolean admits(@Nullable List<String> hostHeaders) {
        if (hostHeaders == null || hostHeaders.isEmpty()) {
            return true;
        }
        if (hostHeaders.size() > 1) {
            return false;
        }
        String host = withoutPort(hostHeaders.get(0).strip()).toLowerCase(Locale.ROOT);
        return names.contains(host) || LOOPBACK_V4.matcher(host).matches();
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
