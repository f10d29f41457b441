package io.scrimplb.seed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The seed object: {@code {"seeds":[{"address":"203.0.113.7","port":"9999","updated":"<RFC 3339>"}]}}. Immutable.
 *
 * <p>Fields that are not ours, at the top or in an entry, and entries that we cannot read stay as they are when the
 * object is written again. A seed is known by its address and port.
 */
public final class SeedSet {
    /** Of the whole object: 1,000 entries need about 80 KiB, the rest is room for foreign fields. */
    public static final int MAX_BYTES = 1 << 20;

    /** Entries kept when writing; the ones renewed longest ago go first. */
    public static final int MAX_SEEDS = 1000;

    private static final String SEEDS = "seeds";
    private static final String ADDRESS = "address";
    private static final String PORT = "port";
    private static final String UPDATED = "updated";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final ObjectNode root;

    private SeedSet(ObjectNode root) {
        this.root = root;
    }

    /** No seeds, no foreign fields. */
    public static SeedSet empty() {
        ObjectNode root = JSON.createObjectNode();
        root.putArray(SEEDS);
        return new SeedSet(root);
    }

    /**
     * Reads a seed object. No bytes at all, or only blanks, are an empty set: somebody made the place and put nothing
     * into it.
     *
     * @param location where it comes from, for the message
     * @throws SeedCorruptException when it is too large or not a seed object; its version is {@code Untagged}
     */
    public static SeedSet parse(byte[] json, String location) throws SeedCorruptException {
        if (json.length > MAX_BYTES) {
            throw corrupt(location, "it is larger than " + MAX_BYTES + " bytes");
        }
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw corrupt(location, "line " + lineOf(e) + ": " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw corrupt(location, firstLine(e.getMessage()));
        }
        if (node == null || node.isMissingNode()) {
            return empty();
        }
        if (!(node instanceof ObjectNode root)) {
            throw corrupt(location, "a JSON object is expected");
        }
        JsonNode seeds = root.path(SEEDS);
        if (seeds.isMissingNode() || seeds.isNull()) {
            root.putArray(SEEDS);
        } else if (!seeds.isArray()) {
            throw corrupt(location, "'seeds' is not a list");
        }
        return new SeedSet(root);
    }

    private static int lineOf(JsonProcessingException e) {
        return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
    }

    private static SeedCorruptException corrupt(String location, String why) {
        return new SeedCorruptException(
                location + " holds no seed object (" + why + "); the next push of a load balancer overwrites it",
                new SeedVersion.Untagged());
    }

    /** The seeds in the object's order, at most {@link #MAX_SEEDS}, each member once; unreadable entries are left out. */
    public List<Seed> seeds() {
        Map<String, Seed> seeds = new LinkedHashMap<>();
        for (JsonNode entry : entries()) {
            Optional<Seed> seed = read(entry);
            if (seed.isPresent() && seeds.size() < MAX_SEEDS) {
                seeds.putIfAbsent(seed.get().member(), seed.get());
            }
        }
        return List.copyOf(seeds.values());
    }

    private ArrayNode entries() {
        return (ArrayNode) root.path(SEEDS);
    }

    /** The object as it is to be stored. */
    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree that cannot be written", e);
        }
    }

    /**
     * This set with the own seed renewed, and without the seeds that nobody renewed for {@code pruneAfter}.
     *
     * <p>An entry without a readable {@code updated} was written by the original program, which never renews: it is
     * kept. An {@code updated} in the future comes from a wrong clock and is set to {@code now}, so that it ages from
     * here and a dead member does not stay for years.
     */
    public SeedSet merge(Seed own, Instant now, Duration pruneAfter) {
        ObjectNode merged = root.deepCopy();
        ArrayNode kept = JSON.createArrayNode();
        boolean renewed = false;
        for (JsonNode entry : merged.path(SEEDS)) {
            Optional<Seed> seed = read(entry);
            if (seed.isEmpty()) {
                kept.add(entry);
            } else if (seed.get().sameMember(own)) {
                if (!renewed) {
                    kept.add(((ObjectNode) entry).put(UPDATED, stamp(now)));
                    renewed = true;
                }
            } else if (!stale(seed.get(), now, pruneAfter)) {
                if (fromTheFuture(seed.get(), now)) {
                    ((ObjectNode) entry).put(UPDATED, stamp(now));
                }
                kept.add(entry);
            }
        }
        if (!renewed) {
            // The port is a text because the original program writes, and reads, it as one.
            kept.addObject()
                    .put(ADDRESS, own.address())
                    .put(PORT, String.valueOf(own.port()))
                    .put(UPDATED, stamp(now));
        }
        merged.set(SEEDS, kept);
        return new SeedSet(merged).withinLimits(own);
    }

    /** This set without the own seed, for a member that leaves. */
    public SeedSet without(Seed own) {
        ObjectNode copy = root.deepCopy();
        ArrayNode kept = JSON.createArrayNode();
        for (JsonNode entry : copy.path(SEEDS)) {
            if (read(entry).filter(own::sameMember).isEmpty()) {
                kept.add(entry);
            }
        }
        copy.set(SEEDS, kept);
        return new SeedSet(copy);
    }

    private static String stamp(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static boolean stale(Seed seed, Instant now, Duration pruneAfter) {
        Instant updated = seed.updated();
        return updated != null && updated.isBefore(now.minus(pruneAfter));
    }

    private static boolean fromTheFuture(Seed seed, Instant now) {
        Instant updated = seed.updated();
        return updated != null && updated.isAfter(now.plusSeconds(1));
    }

    /** Drops what was renewed longest ago (unreadable entries first of all) until both limits hold. */
    private SeedSet withinLimits(Seed own) {
        ArrayNode entries = entries();
        int excess = toJson().length - MAX_BYTES;
        if (entries.size() <= MAX_SEEDS && excess <= 0) {
            return this;
        }
        List<JsonNode> oldestFirst = new ArrayList<>();
        entries.forEach(oldestFirst::add);
        oldestFirst.removeIf(entry -> read(entry).filter(own::sameMember).isPresent());
        oldestFirst.sort(Comparator.comparing(SeedSet::age));
        int surplus = entries.size() - MAX_SEEDS;
        // By identity: two equal entries are two entries.
        Set<JsonNode> dropped = Collections.newSetFromMap(new IdentityHashMap<>());
        for (JsonNode entry : oldestFirst) {
            if (surplus <= 0 && excess <= 0) {
                break;
            }
            dropped.add(entry);
            surplus--;
            excess -= entry.toString().length();
        }
        ArrayNode kept = JSON.createArrayNode();
        for (JsonNode entry : entries) {
            if (!dropped.contains(entry)) {
                kept.add(entry);
            }
        }
        root.set(SEEDS, kept);
        return this;
    }

    private static Instant age(JsonNode entry) {
        Instant updated = read(entry).map(Seed::updated).orElse(null);
        return updated == null ? Instant.EPOCH : updated;
    }

    private static Optional<Seed> read(JsonNode entry) {
        JsonNode address = entry.path(ADDRESS);
        JsonNode port = entry.path(PORT);
        if (!entry.isObject() || !address.isTextual()) {
            return Optional.empty();
        }
        try {
            int number = port.isMissingNode() || port.isNull() ? Seed.DEFAULT_PORT : Seed.port(port.asText());
            return Optional.of(new Seed(address.asText(), number, instant(entry.path(UPDATED))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Instant instant(JsonNode updated) {
        try {
            return updated.isTextual() ? OffsetDateTime.parse(updated.asText()).toInstant() : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
