package io.scrimplb.proxy.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes of one host by path prefix; the longest that matches whole segments wins. Immutable. */
final class PathIndex {
    private final byte[][] prefixes;
    private final Route[] routes;

    /** @param byPrefix prefixes start with a slash */
    PathIndex(Map<String, Route> byPrefix) {
        List<String> sorted = new ArrayList<>(byPrefix.keySet());
        sorted.sort(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        prefixes = new byte[sorted.size()][];
        routes = new Route[sorted.size()];
        for (int i = 0; i < prefixes.length; i++) {
            String prefix = sorted.get(i);
            // Without its trailing slash, a prefix matches its own directory as well as what is below it.
            String bare = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
            prefixes[i] = bare.getBytes(StandardCharsets.UTF_8);
            routes[i] = byPrefix.get(prefix);
        }
    }

    @Nullable
    Route match(byte[] path, int offset, int length) {
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
}
