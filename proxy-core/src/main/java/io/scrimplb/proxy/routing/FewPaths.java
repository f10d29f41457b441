package io.scrimplb.proxy.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** So few prefixes that each is compared, the longest first: what nearly every host has. */
final class FewPaths implements PathIndex {
    /** Prefixes up to which comparing is no slower than a look-up at each slash. */
    static final int MOST = 8;

    private static final byte[] ROOT = {};

    private final byte[][] prefixes;
    private final Route[] routes;

    FewPaths(Map<String, Route> byPrefix) {
        List<String> sorted = new ArrayList<>(byPrefix.keySet());
        sorted.sort(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        prefixes = new byte[sorted.size()][];
        routes = new Route[sorted.size()];
        for (int i = 0; i < prefixes.length; i++) {
            String prefix = sorted.get(i);
            String bare = PathIndex.bare(prefix);
            prefixes[i] = bare.isEmpty() ? ROOT : bare.getBytes(StandardCharsets.UTF_8);
            routes[i] = byPrefix.get(prefix);
        }
    }

    @Override
    public @Nullable Route match(byte[] path, int offset, int length) {
        for (int i = 0; i < prefixes.length; i++) {
            if (matches(prefixes[i], path, offset, length)) {
                return routes[i];
            }
        }
        return null;
    }

    private static boolean matches(byte[] prefix, byte[] path, int offset, int length) {
        int size = prefix.length;
        if (size > length) {
            return false;
        }
        if (size < length && path[offset + size] != '/') {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (prefix[i] != path[offset + i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Collection<Route> routes() {
        return List.of(routes);
    }
}
