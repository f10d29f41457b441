package io.scrimplb.membership.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A member's limits as JSON: {@code {"domains":["*.example.com"],"ports":["443","8000-8999"]}}. */
final class ClaimsJson {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    private ClaimsJson() {}

    static void write(Claims claims, ObjectNode json) {
        ArrayNode domains = json.putArray("domains");
        claims.domains().forEach(domains::add);
        ArrayNode ports = json.putArray("ports");
        claims.ports().forEach(range -> ports.add(range.toString()));
    }

    /** Unlimited when the field is absent; empty when it is there and not wholly understood. */
    static Optional<Claims> read(@Nullable JsonNode json) {
        if (json == null || json.isNull()) {
            return Optional.of(Claims.UNLIMITED);
        }
        Optional<List<String>> domains = strings(json.get("domains"), WireLimits.CLAIMS);
        Optional<List<String>> ports = strings(json.get("ports"), WireLimits.CLAIMS);
        if (!json.isObject() || domains.isEmpty() || ports.isEmpty()) {
            return Optional.empty();
        }
        for (String domain : domains.get()) {
            if (!domain.equals(Claims.ANY_DOMAIN) && !ApplicationRules.isDomain(domain)) {
                return Optional.empty();
            }
        }
        List<PortRange> ranges = new ArrayList<>();
        for (String port : ports.get()) {
            Optional<PortRange> range = range(port);
            if (range.isEmpty()) {
                return Optional.empty();
            }
            ranges.add(range.get());
        }
        return Optional.of(new Claims(domains.get(), ranges));
    }

    private static Optional<PortRange> range(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        try {
            return Optional.of(new PortRange(first, last));
        } catch (IllegalArgumentException noRange) {
            return Optional.empty();
        }
    }

    private static Optional<List<String>> strings(@Nullable JsonNode json, int limit) {
        if (json == null || !json.isArray() || json.size() > limit) {
            return Optional.empty();
        }
        List<String> strings = new ArrayList<>(json.size());
        for (JsonNode element : json) {
            if (!element.isTextual()) {
                return Optional.empty();
            }
            strings.add(element.textValue());
        }
        return Optional.of(strings);
    }
}
