package io.scrimplb.proxy.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Many prefixes of one host, such as one for each of its applications: one pass over the path, a look-up at each slash. */
final class ManyPaths implements PathIndex {
    private final NameTable<Route> table;
    private final List<Route> routes;
    /** Bytes of the longest prefix; nothing beyond it needs to be read. */
    private final int longest;

    ManyPaths(Map<String, Route> byPrefix) {
        Map<String, Route> byBarePrefix = new HashMap<>();
        int bytes = 0;
        for (Map.Entry<String, Route> entry : byPrefix.entrySet()) {
            String bare = PathIndex.bare(entry.getKey());
            byBarePrefix.put(bare, entry.getValue());
            bytes = Math.max(bytes, utf8(bare).length);
        }
        NameTable<Route> none = NameTable.empty(ManyPaths::utf8);
        table = none.with(byBarePrefix);
        routes = List.copyOf(byPrefix.values());
        longest = bytes;
    }

    @Override
    public @Nullable Route match(byte[] path, int offset, int length) {
        Route found = null;
        long state = table.start();
        for (int i = 0; i <= length && i <= longest; i++) {
            if (i == length || path[offset + i] == '/') {
                Route longer = get(NameTable.hash(state), path, offset, i);
                found = longer == null ? found : longer;
            }
            if (i < length) {
                state = table.step(state, path[offset + i]);
            }
        }
        return found;
    }

    private @Nullable Route get(int hash, byte[] path, int offset, int length) {
        for (int away = table.next(hash, 0); away >= 0; away = table.next(hash, away + 1)) {
            NameTable.Entry<Route> entry = table.entry(hash, away);
            if (Arrays.equals(entry.name, 0, entry.name.length, path, offset, offset + length)) {
                return entry.value;
            }
        }
        return null;
    }

    private static byte[] utf8(String prefix) {
        return prefix.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Collection<Route> routes() {
        return routes;
    }
}
