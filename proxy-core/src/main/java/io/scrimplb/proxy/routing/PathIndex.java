package io.scrimplb.proxy.routing;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes of one host by path prefix; the longest that matches whole segments wins. Immutable. */
interface PathIndex {
    @Nullable
    Route match(byte[] path, int offset, int length);

    /** One for each prefix. */
    Collection<Route> routes();

    /** @param byPrefix prefixes start with a slash */
    static PathIndex of(Map<String, Route> byPrefix) {
        return byPrefix.size() <= FewPaths.MOST ? FewPaths.of(byPrefix) : new ManyPaths(byPrefix);
    }

    /** Without its trailing slash, a prefix matches its own directory as well as what is below it. */
    static String bare(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }
}
