package io.scrimplb.proxy.routing;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the bytes of a name to a value, without making an object: an open-addressing hash table with linear probing. The
 * hash is taken byte by byte, so that whoever walks over a long name has the hash of each beginning of it on the way.
 *
 * <p>Names come from backends, which are trusted only half, and look-ups from strangers. So the hash is multiplied by a
 * secret, and a table in which a name nevertheless lies further than {@value #MAX_DISTANCE} slots from its place is made
 * again with another secret: no look-up, of whatever name, goes further than that.
 *
 * <p>Immutable once it is handed out; a changed table is a new one.
 */
final class NameTable<V> {
    /**
     * Slots between the place of a name and where it lies, at most; one cache line of tags. A table is at most half
     * full: of 1,000 that held 32,768 names in 65,536 slots half had 24 or less and the worst had 59.
     */
    static final int MAX_DISTANCE = 64;

    private static final int MIN_CAPACITY = 8;
    private static final byte EMPTY = 0;

    private final Function<String, byte[]> form;
    private final long start;
    private final long multiplier;
    private final int mask;
    /** A part of the hash of what lies in each slot, small enough to stay in the processor's caches. */
    private final byte[] tags;

    private final @Nullable Entry<V>[] entries;
    private int size;
    private int distance;

    /** A name, in the form in which it is hashed, and its value. */
    static final class Entry<V> {
        private final int hash;
        final byte[] name;
        final V value;

        private Entry(int hash, byte[] name, V value) {
            this.hash = hash;
            this.name = name;
            this.value = value;
        }
    }

    @SuppressWarnings("unchecked")
    private NameTable(Function<String, byte[]> form, int capacity, long start, long multiplier) {
        this.form = form;
        this.start = start;
        this.multiplier = multiplier;
        mask = capacity - 1;
        tags = new byte[capacity];
        entries = new @Nullable Entry[capacity];
    }

    /**
     * A table with nothing in it.
     *
     * @param form the bytes of a name in the order in which they are hashed
     */
    static <V> NameTable<V> empty(Function<String, byte[]> form) {
        return withNewSecret(form, MIN_CAPACITY);
    }

    private static <V> NameTable<V> withNewSecret(Function<String, byte[]> form, int capacity) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new NameTable<>(form, capacity, random.nextLong(), random.nextLong() | 1);
    }

    /** A table like this one but for some names: each has the new value, or is not there when that is null. */
    NameTable<V> with(Map<String, ? extends @Nullable V> changes) {
        boolean[] replaced = new boolean[entries.length];
        int count = size;
        for (Map.Entry<String, ? extends @Nullable V> change : changes.entrySet()) {
            int slot = slot(change.getKey());
            if (slot >= 0) {
                replaced[slot] = true;
                count--;
            }
            if (change.getValue() != null) {
                count++;
            }
        }
        NameTable<V> next = new NameTable<>(form, capacity(count), start, multiplier);
        for (int slot = 0; slot < entries.length; slot++) {
            Entry<V> entry = entries[slot];
            if (entry != null && !replaced[slot]) {
                next.insert(entry);
            }
        }
        changes.forEach((name, value) -> {
            if (value != null) {
                next.insert(form.apply(name), value);
            }
        });
        return next.distance > MAX_DISTANCE ? next.spread() : next;
    }

    /** The same under another secret, and with more room in case that was the reason. */
    private NameTable<V> spread() {
        NameTable<V> next = this;
        while (next.distance > MAX_DISTANCE) {
            next = withNewSecret(form, next.entries.length * 2);
            for (Entry<V> entry : entries) {
                if (entry != null) {
                    next.insert(entry.name, entry.value);
                }
            }
        }
        return next;
    }

    /** At most half full. */
    private static int capacity(int count) {
        return Math.max(MIN_CAPACITY, Integer.highestOneBit(Math.max(1, count * 2 - 1)) * 2);
    }

    private void insert(byte[] name, V value) {
        insert(new Entry<>(hash(name), name, value));
    }

    private void insert(Entry<V> entry) {
        int away = 0;
        while (tags[(entry.hash + away) & mask] != EMPTY) {
            away++;
        }
        int slot = (entry.hash + away) & mask;
        tags[slot] = tag(entry.hash);
        entries[slot] = entry;
        distance = Math.max(distance, away);
        size++;
    }

    /** Of the upper bits, since the lower ones tell the slot; never {@link #EMPTY}. */
    private static byte tag(int hash) {
        return (byte) (hash >>> 24 | 1);
    }

    private int hash(byte[] name) {
        long state = start;
        for (byte b : name) {
            state = step(state, b);
        }
        return hash(state);
    }

    /** What the hash of an empty name begins with. */
    long start() {
        return start;
    }

    /** The state after one more byte. */
    long step(long state, byte b) {
        return (state ^ b) * multiplier;
    }

    /** The hash of the bytes so far. */
    static int hash(long state) {
        // The upper half: a product's low bits depend on the low bits of its factors alone.
        return (int) (state >>> 32);
    }

    /**
     * Finds the names with some hash: nearly always none, or the one that is looked for.
     *
     * @param from 0 for the first, one more than the last answer for the next
     * @return how far from its place the next name of that hash lies, or -1
     */
    int next(int hash, int from) {
        byte tag = tag(hash);
        for (int away = from; away <= distance; away++) {
            int slot = (hash + away) & mask;
            byte there = tags[slot];
            if (there == EMPTY) {
                return -1;
            }
            if (there == tag && entry(hash, away).hash == hash) {
                return away;
            }
        }
        return -1;
    }

    /** The entry so far from the place of a hash, where {@link #next} found one. */
    Entry<V> entry(int hash, int away) {
        return Objects.requireNonNull(entries[(hash + away) & mask]);
    }

    /** The value of a name; for the control side, which has strings. */
    @Nullable
    V get(String name) {
        int slot = slot(name);
        Entry<V> entry = slot < 0 ? null : entries[slot];
        return entry == null ? null : entry.value;
    }

    private int slot(String name) {
        byte[] key = form.apply(name);
        int hash = hash(key);
        for (int away = next(hash, 0); away >= 0; away = next(hash, away + 1)) {
            if (Arrays.equals(entry(hash, away).name, key)) {
                return (hash + away) & mask;
            }
        }
        return -1;
    }

    int size() {
        return size;
    }

    /** How far the furthest name lies from its place. */
    int distance() {
        return distance;
    }
}
