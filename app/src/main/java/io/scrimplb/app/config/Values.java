package io.scrimplb.app.config;

import java.util.IdentityHashMap;
import java.util.Optional;

/** The decoded values of one object; what could not be decoded is missing, and then there is a problem that says so. */
final class Values {
    private final String path;
    private final Origin origin;
    private final IdentityHashMap<Key<?>, Object> decoded = new IdentityHashMap<>();
    private final IdentityHashMap<Key<?>, Origin> origins = new IdentityHashMap<>();

    Values(String path, Origin origin) {
        this.path = path;
        this.origin = origin;
    }

    /** A key below a path. */
    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    void put(Key<?> key, Object value) {
        decoded.put(key, value);
    }

    /** Notes that somebody wrote the key, whether or not its value was any good. */
    void written(Key<?> key, Origin where) {
        origins.put(key, where);
    }

    /** The value, be it written or the default. */
    @SuppressWarnings("unchecked") // put() is called with what the key's own shape decoded
    <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable((T) decoded.get(key));
    }

    /** The value of a key that has a default or is required, after reading has ended without problems. */
    <T> T need(Key<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException("no value for " + path(key)));
    }

    /** Whether somebody wrote it. */
    boolean has(Key<?> key) {
        return origins.containsKey(key);
    }

    String path() {
        return path;
    }

    String path(Key<?> key) {
        return join(path, key.name());
    }

    Origin origin() {
        return origin;
    }

    /** Where the key was written, else where its object was. */
    Origin origin(Key<?> key) {
        return origins.getOrDefault(key, origin);
    }
}
