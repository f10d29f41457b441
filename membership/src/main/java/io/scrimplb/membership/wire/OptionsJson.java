package io.scrimplb.membership.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.membership.ApplicationOptions;
import io.scrimplb.membership.ApplicationOptions.BackendTls;
import io.scrimplb.membership.ApplicationOptions.Hsts;
import io.scrimplb.membership.ApplicationOptions.ProxyProtocol;
import org.jspecify.annotations.Nullable;

/**
 * An application's options as JSON. Each is left out where it is not given; members that do not know one ignore it.
 *
 * <p>The text of an authority's certificates is cut into pieces: members before this version take no string beyond {@link
 * WireLimits#STRING_CHARS}, and would refuse the whole message for it.
 */
final class OptionsJson {
    private static final String BACKEND_TLS = "backend-tls";
    private static final String CA = "ca";
    private static final String SERVER_NAME = "server-name";
    private static final String INSECURE = "insecure";
    private static final String PROXY_PROTOCOL = "proxy-protocol";
    private static final String HSTS = "hsts";
    private static final String MAX_AGE = "max-age";
    private static final String INCLUDE_SUBDOMAINS = "include-subdomains";

    private OptionsJson() {}

    static void write(ApplicationOptions options, ObjectNode json) {
        BackendTls tls = options.backendTls();
        if (tls != null) {
            ObjectNode object = json.putObject(BACKEND_TLS);
            String ca = tls.ca();
            if (ca != null) {
                ArrayNode pieces = object.putArray(CA);
                for (int i = 0; i < ca.length(); i += WireLimits.STRING_CHARS) {
                    pieces.add(ca.substring(i, Math.min(ca.length(), i + WireLimits.STRING_CHARS)));
                }
            }
            if (tls.serverName() != null) {
                object.put(SERVER_NAME, tls.serverName());
            }
            object.put(INSECURE, tls.insecure());
        }
        if (options.proxyProtocol() != null) {
            json.put(PROXY_PROTOCOL, options.proxyProtocol().label());
        }
        Hsts hsts = options.hsts();
        if (hsts != null) {
            json.putObject(HSTS).put(MAX_AGE, hsts.maxAgeSeconds()).put(INCLUDE_SUBDOMAINS, hsts.includeSubdomains());
        }
    }

    static ApplicationOptions read(JsonNode json) throws ApplicationJson.Refused {
        JsonNode tls = object(json, BACKEND_TLS);
        JsonNode hsts = object(json, HSTS);
        return new ApplicationOptions(
                tls == null
                        ? null
                        : new BackendTls(ca(tls), ApplicationJson.string(tls, SERVER_NAME), flag(tls, INSECURE)),
                proxyProtocol(json),
                hsts == null ? null : new Hsts(seconds(hsts), flag(hsts, INCLUDE_SUBDOMAINS)));
    }

    private static @Nullable JsonNode object(JsonNode json, String field) throws ApplicationJson.Refused {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isObject()) {
            throw new ApplicationJson.Refused(field + " is not an object");
        }
        return value;
    }

    private static @Nullable String ca(JsonNode tls) throws ApplicationJson.Refused {
        JsonNode value = tls.get(CA);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isArray() || value.isEmpty() || value.size() > WireLimits.CA_PIECES) {
            throw new ApplicationJson.Refused("ca is not a list of 1 to " + WireLimits.CA_PIECES + " pieces of text");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode piece : value) {
            if (!piece.isTextual()) {
                throw new ApplicationJson.Refused("ca holds something that is not a string");
            }
            text.append(piece.textValue());
        }
        return text.toString();
    }

    private static @Nullable ProxyProtocol proxyProtocol(JsonNode json) throws ApplicationJson.Refused {
        String label = ApplicationJson.string(json, PROXY_PROTOCOL);
        for (ProxyProtocol version : ProxyProtocol.values()) {
            if (version.label().equals(label)) {
                return version;
            }
        }
        if (label != null) {
            throw new ApplicationJson.Refused(
                    PROXY_PROTOCOL + " '" + ApplicationRules.printable(label) + "' is not known");
        }
        return null;
    }

    private static boolean flag(JsonNode json, String field) throws ApplicationJson.Refused {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw new ApplicationJson.Refused(field + " is neither true nor false");
        }
        return value.booleanValue();
    }

    private static long seconds(JsonNode hsts) throws ApplicationJson.Refused {
        JsonNode value = hsts.get(MAX_AGE);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new ApplicationJson.Refused(MAX_AGE + " is not a whole number of seconds");
        }
        return value.longValue();
    }
}
