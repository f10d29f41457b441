package io.scrimplb.app.acme;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A ledger, or a part of one, on disk and among load balancers. Times are milliseconds since 1970. Stateless. */
final class LedgerJson {
    private LedgerJson() {}

    /**
     * @param names records by host
     * @param orders when orders were made
     * @param all what is not of one name
     */
    record Part(Map<String, NameRecord> names, List<Instant> orders, ForAll all) {}

    /** A whole ledger. */
    static ObjectNode write(Ledger ledger) {
        return write(new Part(ledger.names(), ledger.orders(), ledger.all()));
    }

    static ObjectNode write(Part part) {
        return write(part.names(), part.orders(), part.all());
    }

    private static ObjectNode write(Map<String, NameRecord> names, Collection<Instant> orders, ForAll all) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("all-not-before", all.notBefore().toEpochMilli());
        json.put("all-streak", all.streak());
        json.put("all-refusals", all.refusals());
        ArrayNode lost = json.putArray("lost-accounts");
        all.lostAccounts().forEach(lost::add);
        ArrayNode made = json.putArray("orders");
        orders.forEach(at -> made.add(at.toEpochMilli()));
        ObjectNode byHost = json.putObject("names");
        names.forEach((host, record) -> write(record, byHost.putObject(host)));
        return json;
    }

    private static void write(NameRecord record, ObjectNode json) {
        json.put("updated", record.updated().toEpochMilli());
        ArrayNode failures = json.putArray("failures");
        record.failures().forEach(at -> failures.add(at.toEpochMilli()));
        json.put("streak", record.streak());
        json.put("refusals", record.refusals());
        json.put("not-before", record.notBefore().toEpochMilli());
        json.put("cause", record.cause());
        record.order().ifPresent(order -> json.put("order", order));
        record.window().ifPresent(window -> {
            json.put("renew-from", window.start().toEpochMilli());
            json.put("renew-until", window.end().toEpochMilli());
        });
    }

    /** What can be understood of it; what is no record is left out. */
    static Part read(JsonNode json) {
        Map<String, NameRecord> names = new TreeMap<>();
        json.path("names").fields().forEachRemaining(entry -> {
            if (names.size() < Wanted.MAX_HOSTS && IssuableName.isName(entry.getKey())) {
                names.put(entry.getKey(), record(entry.getValue()));
            }
        });
        List<String> lost = new ArrayList<>();
        json.path("lost-accounts").forEach(name -> lost.add(name.asText()));
        ForAll all =
                new ForAll(time(json, "all-not-before"), count(json, "all-streak"), count(json, "all-refusals"), lost);
        return new Part(names, times(json.path("orders"), 2 * Ledger.MAX_ORDERS), all);
    }

    private static NameRecord record(JsonNode json) {
        Optional<RenewalTime.Window> window = Optional.empty();
        long from = json.path("renew-from").asLong();
        long until = json.path("renew-until").asLong();
        if (from > 0 && from <= until) {
            window = Optional.of(new RenewalTime.Window(Instant.ofEpochMilli(from), Instant.ofEpochMilli(until)));
        }
        return new NameRecord(
                time(json, "updated"),
                times(json.path("failures"), NameRecord.MAX_FAILURES),
                count(json, "streak"),
                count(json, "refusals"),
                time(json, "not-before"),
                Failure.printable(json.path("cause").asText()),
                Optional.of(json.path("order").asText()).filter(url -> url.startsWith("http") && url.length() < 1_000),
                window);
    }

    private static int count(JsonNode json, String field) {
        return Math.max(0, Math.min(1_000, json.path(field).asInt()));
    }

    private static Instant time(JsonNode json, String field) {
        return Instant.ofEpochMilli(json.path(field).asLong());
    }

    private static List<Instant> times(JsonNode list, int most) {
        List<Instant> times = new ArrayList<>();
        for (JsonNode at : list) {
            if (times.size() < most) {
                times.add(Instant.ofEpochMilli(at.asLong()));
            }
        }
        return times;
    }
}
