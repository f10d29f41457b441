package io.scrimplb.membership.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.ApplicationProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One application as JSON, with the keys of the configuration. */
final class ApplicationJson {
    private static final int DEFAULT_WEIGHT = 100;

    /** Says why one application is left out; the others stay. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            // Made from what strangers send: no stack trace to pay for.
            super(message, null, false, false);
        }
    }

    private ApplicationJson() {}

    static void write(Application application, ObjectNode json) {
        json.put("name", application.name());
        ArrayNode domains = json.putArray("domains");
        application.domains().forEach(domains::add);
        ArrayNode paths = json.putArray("paths");
        application.paths().forEach(paths::add);
        if (application.listenPort() != null) {
            json.put("listen-port", application.listenPort());
        }
        json.put("application-port", application.applicationPort());
        json.put("protocol", application.protocol().label());
        if (application.version() != null) {
            json.put("version", application.version());
        }
        json.put("weight", application.weight());
        if (application.balance() != null) {
            json.put("balance", application.balance());
        }
        OptionsJson.write(application.options(), json);
    }

    static Application read(JsonNode json) throws Refused {
        if (!json.isObject()) {
            throw new Refused("it is not an object");
        }
        String name = string(json, "name");
        if (name == null || !ApplicationRules.isName(name)) {
            throw new Refused("its name must be 1 to 64 letters, digits, '.', '_' or '-'");
        }
        Integer applicationPort = integer(json, "application-port");
        if (applicationPort == null) {
            throw new Refused("it has no application-port");
        }
        Integer weight = integer(json, "weight");
        Application application = new Application(
                name,
                strings(json, "domains", List.of(), WireLimits.DOMAINS),
                strings(json, "paths", List.of("/"), WireLimits.PATHS),
                integer(json, "listen-port"),
                applicationPort,
                protocol(json),
                string(json, "version"),
                weight == null ? DEFAULT_WEIGHT : weight,
                string(json, "balance"),
                OptionsJson.read(json));
        Optional<String> broken = ApplicationRules.broken(application);
        if (broken.isPresent()) {
            throw new Refused(broken.get());
        }
        return application;
    }

    /** What to call it in a message when it could not be read. */
    static String label(JsonNode json, int index) {
        JsonNode name = json.get("name");
        return name != null && name.isTextual() && ApplicationRules.isName(name.textValue())
                ? "application " + name.textValue()
                : "application number " + (index + 1);
    }

    private static ApplicationProtocol protocol(JsonNode json) throws Refused {
        String label = string(json, "protocol");
        for (ApplicationProtocol protocol : ApplicationProtocol.values()) {
            if (protocol.label().equals(label)) {
                return protocol;
            }
        }
        throw new Refused(
                label == null
                        ? "it has no protocol"
                        : "protocol '" + ApplicationRules.printable(label) + "' is not known");
    }

    static @Nullable String string(JsonNode json, String field) throws Refused {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new Refused(field + " is not a string");
        }
        return value.textValue();
    }

    private static @Nullable Integer integer(JsonNode json, String field) throws Refused {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new Refused(field + " is not a whole number in range");
        }
        return value.intValue();
    }

    private static List<String> strings(JsonNode json, String field, List<String> absent, int limit) throws Refused {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return absent;
        }
        if (!value.isArray()) {
            throw new Refused(field + " is not a list");
        }
        if (value.size() > limit) {
            throw new Refused("it has " + value.size() + " " + field + ", more than " + limit);
        }
        List<String> strings = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                throw new Refused(field + " holds something that is not a string");
            }
            strings.add(element.textValue());
        }
        return strings;
    }
}
