package io.scrimplb.proxy.routing;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a host to its paths, exact names and wildcards in one table. A host is read from its end, so that the hash of each
 * of its suffixes comes by the way and a name of many labels costs one pass. Compared without regard to case. Immutable.
 */
final class HostIndex {
    /** No hosts. */
    static final HostIndex EMPTY = new HostIndex(NameTable.empty(HostIndex::backwards), 0);

    static final int EXACT = Integer.MAX_VALUE;

    private final NameTable<PathIndex> table;
    private final int wildcards;

    private HostIndex(NameTable<PathIndex> table, int wildcards) {
        this.table = table;
        this.wildcards = wildcards;
    }

    /**
     * An index like this one but for some hosts.
     *
     * @param changes lower-case names, {@code .example.com} for {@code *.example.com}; null where the host is gone
     */
    HostIndex with(Map<String, @Nullable PathIndex> changes) {
        int count = wildcards;
        for (Map.Entry<String, @Nullable PathIndex> change : changes.entrySet()) {
            if (change.getKey().startsWith(".")) {
                count += (change.getValue() == null ? 0 : 1) - (table.get(change.getKey()) == null ? 0 : 1);
            }
        }
        return new HostIndex(table.with(changes), count);
    }

    @Nullable
    PathIndex get(String name) {
        return table.get(name);
    }

    /** The route of the exact name, else of the longest wildcard, whose paths match. */
    @Nullable
    Route match(byte[] host, int hostOffset, int hostLength, byte[] path, int pathOffset, int pathLength) {
        Route found = null;
        long state = table.start();
        for (int i = hostLength - 1; i > 0; i--) {
            byte b = lower(host[hostOffset + i]);
            state = table.step(state, b);
            if (b == '.' && wildcards > 0) {
                PathIndex paths = get(NameTable.hash(state), host, hostOffset + i, hostLength - i);
                Route longer = paths == null ? null : paths.match(path, pathOffset, pathLength);
                found = longer == null ? found : longer;
            }
        }
        // A host that begins with a dot is no name, though it may look like the key of a wildcard.
        if (hostLength == 0 || host[hostOffset] == '.') {
            return found;
        }
        state = table.step(state, lower(host[hostOffset]));
        PathIndex paths = get(NameTable.hash(state), host, hostOffset, hostLength);
        Route exact = paths == null ? null : paths.match(path, pathOffset, pathLength);
        return exact == null ? found : exact;
    }

    /** How closely a key of this index fits a host: the length of what it fixes, {@link #EXACT} for all; -1 when none does. */
    int closeness(byte[] host) {
        int closest = -1;
        long state = table.start();
        for (int i = host.length - 1; i > 0; i--) {
            byte b = lower(host[i]);
            state = table.step(state, b);
            if (b == '.' && wildcards > 0 && get(NameTable.hash(state), host, i, host.length - i) != null) {
                closest = host.length - i;
            }
        }
        if (host.length == 0 || host[0] == '.') {
            return closest;
        }
        state = table.step(state, lower(host[0]));
        return get(NameTable.hash(state), host, 0, host.length) == null ? closest : EXACT;
    }

    private @Nullable PathIndex get(int hash, byte[] host, int offset, int length) {
        for (int away = table.next(hash, 0); away >= 0; away = table.next(hash, away + 1)) {
            NameTable.Entry<PathIndex> entry = table.entry(hash, away);
            if (same(entry.name, host, offset, length)) {
                return entry.value;
            }
        }
        return null;
    }

    private static boolean same(byte[] backwards, byte[] host, int offset, int length) {
        if (backwards.length != length) {
            return false;
        }
        int last = offset + length - 1;
        for (int i = 0; i < length; i++) {
            if (backwards[i] != lower(host[last - i])) {
                return false;
            }
        }
        return true;
    }

    private static byte[] backwards(String name) {
        return new StringBuilder(name).reverse().toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    int size() {
        return table.size();
    }

    /** How far the furthest name lies from its place in the table. */
    int distance() {
        return table.distance();
    }
}
