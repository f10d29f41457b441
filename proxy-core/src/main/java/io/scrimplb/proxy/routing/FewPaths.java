package io.scrimplb.proxy.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * So few prefixes that each is compared, the longest first: what nearly every host has. A chain, since each further object
 * of a host is one more that is not in the processor's cache when the host is asked for.
 */
final class FewPaths implements PathIndex {
    /** Prefixes up to which comparing is no slower than a look-up at each slash. */
    static final int MOST = 8;

    private static final byte[] ROOT = {};

    private final byte[] prefix;
    private final Route route;
    private final @Nullable FewPaths shorter;

    private FewPaths(byte[] prefix, Route route, @Nullable FewPaths shorter) {
        this.prefix = prefix;
        this.route = route;
        this.shorter = shorter;
    }

    /** @param byPrefix at least one */
    static FewPaths of(Map<String, Route> byPrefix) {
        List<Map.Entry<String, Route>> sorted = new ArrayList<>(byPrefix.entrySet());
        sorted.sort(Comparator.comparingInt(entry -> entry.getKey().length()));
        FewPaths chain = null;
        for (Map.Entry<String, Route> entry : sorted) {
            String bare = PathIndex.bare(entry.getKey());
            byte[] prefix = bare.isEmpty() ? ROOT : bare.getBytes(StandardCharsets.UTF_8);
            chain = new FewPaths(prefix, entry.getValue(), chain);
        }
        if (chain == null) {
            throw new IllegalArgumentException("no prefix");
        }
        return chain;
    }

    @Override
    public @Nullable Route match(byte[] path, int offset, int length) {
        for (FewPaths paths = this; paths != null; paths = paths.shorter) {
            if (matches(paths.prefix, path, offset, length)) {
                return paths.route;
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
        List<Route> routes = new ArrayList<>();
        for (FewPaths paths = this; paths != null; paths = paths.shorter) {
            routes.add(paths.route);
        }
        return routes;
    }
}
