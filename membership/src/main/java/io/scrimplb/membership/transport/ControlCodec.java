package io.scrimplb.membership.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.util.NetUtil;
import io.scrimplb.membership.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Control frames to bytes and back. Unknown fields are ignored, so that versions can share a cluster; unknown types
 * are bad. Stateless and thread-safe.
 */
final class ControlCodec {
    /** What ALPN calls this protocol. */
    static final String APPLICATION_PROTOCOL = "scrimp-cluster";
    /** Largest control frame, bytes. */
    static final int MAX_BYTES = 8 * 1024;
    /** Longest name of a cluster, characters. */
    static final int CLUSTER_CHARS = 256;

    private static final int DEPTH = 4;
    private static final int STRING_CHARS = 6 * 1024;
    private static final int FIELD_NAME_CHARS = 64;
    private static final int NUMBER_CHARS = 24;
    private static final int DETAIL_CHARS = 300;
    private static final int NAME_CHARS = 256;
    private static final int MAX_PORT = 65_535;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}");

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_BYTES)
                            .maxNestingDepth(DEPTH)
                            .maxStringLength(STRING_CHARS)
                            .maxNameLength(FIELD_NAME_CHARS)
                            .maxNumberLength(NUMBER_CHARS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    byte[] encode(Control control) {
        ObjectNode json = mapper.createObjectNode();
        if (control instanceof Control.Hello hello) {
            json.put("type", "hello");
            json.putArray("versions")
                    .add(hello.versions().least())
                    .add(hello.versions().greatest());
            json.put("stream", hello.versions().stream());
            json.put("cluster", hello.cluster());
            write(hello.self(), json.putObject("member"));
        } else if (control instanceof Control.Welcome welcome) {
            json.put("type", "welcome");
            json.put("version", welcome.version());
            write(welcome.self(), json.putObject("member"));
            if (welcome.certificate() != null) {
                json.put("certificate", welcome.certificate());
            }
        } else if (control instanceof Control.Refused refused) {
            json.put("type", "refused");
            json.put("reason", refused.reason().label());
            json.put("detail", refused.detail());
        } else {
            json.put("type", "goodbye");
        }
        try {
            return mapper.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a control frame of our own cannot be written", e);
        }
    }

    Control decode(byte[] bytes, int offset, int length) throws BadFrameException {
        if (length > MAX_BYTES) {
            throw new BadFrameException("a control frame of " + length + " bytes");
        }
        JsonNode json;
        try {
            json = mapper.readTree(bytes, offset, length);
        } catch (IOException e) {
            throw new BadFrameException("a control frame that is not JSON");
        }
        if (json == null || !json.isObject()) {
            throw new BadFrameException("a control frame that is not an object");
        }
        return switch (string(json, "type", NAME_CHARS)) {
            case "hello" -> hello(json);
            case "welcome" -> new Control.Welcome(integer(json, "version"), self(json), certificate(json));
            case "refused" -> refused(json);
            case "goodbye" -> new Control.Goodbye();
            default -> throw new BadFrameException("a control frame of an unknown type");
        };
    }

    private static void write(Control.Self self, ObjectNode json) {
        json.put("id", self.id().toString());
        json.put("role", label(self.role()));
        json.put("name", self.name());
        json.put("address", self.reachedAt().getAddress().getHostAddress());
        json.put("port", self.reachedAt().getPort());
    }

    private static String label(Role role) {
        return role == Role.LOAD_BALANCER ? "lb" : "backend";
    }

    private static Control hello(JsonNode json) throws BadFrameException {
        JsonNode versions = json.get("versions");
        if (versions == null || !versions.isArray() || versions.size() != 2) {
            throw new BadFrameException("a hello without versions");
        }
        int least = integer(versions.get(0), "versions");
        int greatest = integer(versions.get(1), "versions");
        return new Control.Hello(
                new Versions(least, greatest, string(json, "stream", FIELD_NAME_CHARS)),
                string(json, "cluster", CLUSTER_CHARS),
                self(json));
    }

    private static Control refused(JsonNode json) throws BadFrameException {
        Optional<Refusal> reason = Refusal.of(string(json, "reason", NAME_CHARS));
        JsonNode detail = json.get("detail");
        String text = detail != null && detail.isTextual() ? detail.textValue() : "";
        if (reason.isEmpty()) {
            // A newer member may have reasons that this program does not know.
            return new Control.Refused(
                    Refusal.NOT_GRANTED, printable(json.get("reason").textValue()));
        }
        return new Control.Refused(reason.get(), printable(text));
    }

    private static Control.Self self(JsonNode json) throws BadFrameException {
        JsonNode member = json.get("member");
        if (member == null || !member.isObject()) {
            throw new BadFrameException("a control frame without a member");
        }
        String id = string(member, "id", NAME_CHARS);
        String address = string(member, "address", NAME_CHARS);
        int port = integer(member, "port");
        if (!ID.matcher(id).matches()) {
            throw new BadFrameException("the id of a member is not one");
        }
        // Only a literal: a name would be looked up.
        byte[] ip = NetUtil.createByteArrayFromIpAddressString(address);
        if (ip == null || port < 1 || port > MAX_PORT) {
            throw new BadFrameException("the address of a member is not one");
        }
        try {
            return new Control.Self(
                    UUID.fromString(id),
                    role(string(member, "role", NAME_CHARS)),
                    string(member, "name", NAME_CHARS),
                    new InetSocketAddress(InetAddress.getByAddress(ip), port));
        } catch (UnknownHostException e) {
            throw new BadFrameException("the address of a member is not one");
        }
    }

    private static Role role(String label) throws BadFrameException {
        return switch (label) {
            case "lb" -> Role.LOAD_BALANCER;
            case "backend" -> Role.BACKEND;
            default -> throw new BadFrameException("the role of a member is not known");
        };
    }

    private static byte @Nullable [] certificate(JsonNode json) throws BadFrameException {
        JsonNode value = json.get("certificate");
        if (value == null || value.isNull()) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(value.textValue() == null ? "" : value.textValue());
        } catch (IllegalArgumentException e) {
            throw new BadFrameException("a certificate that is not base64");
        }
    }

    private static String string(JsonNode json, String field, int limit) throws BadFrameException {
        JsonNode value = json.get(field);
        if (value == null || !value.isTextual() || value.textValue().length() > limit) {
            throw new BadFrameException("a control frame without a proper " + field);
        }
        return value.textValue();
    }

    private static int integer(JsonNode json, String field) throws BadFrameException {
        JsonNode value = json.isObject() ? json.get(field) : json;
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new BadFrameException("a control frame without a proper " + field);
        }
        return value.intValue();
    }

    /** Another's words made fit for one line of a log. */
    static String printable(String text) {
        String cut = text.length() > DETAIL_CHARS ? text.substring(0, DETAIL_CHARS) + "…" : text;
        return cut.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
