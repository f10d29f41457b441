package io.scrimplb.membership.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.membership.Claims;
import io.scrimplb.membership.PortRange;
import io.scrimplb.membership.Role;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The extension of our certificates that says what they are and what they let their holder do: a small JSON object in a
 * UTF8String. Reading is strict in everything, unknown fields too, since one that a reader passes over might be a limit.
 *
 * @param kind what the certificate is
 * @param grant for a member all, or a role without end of time; for a token a role with its end of time
 */
record GrantExtension(Kind kind, Grant grant) {
    /** Below 2.25, where every UUID is an arc of its own (ITU-T X.667, 7); that one is random. */
    static final String OID = "2.25.212827141082902902559184659398667506704";
    /** Domains, and ranges of ports, of one certificate. */
    static final int MAX_CLAIMS = 64;
    /** One certificate in DER, bytes; a token names fewer domains when they are long. */
    static final int MAX_CERTIFICATE_BYTES = 8 * 1024;

    private static final int VERSION = 1;
    private static final int MAX_DOMAIN_CHARS = 253;
    /** End of the year 9999, in seconds. */
    static final long MAX_SECOND = 253_402_300_799L;

    private static final Set<String> FIELDS = Set.of("v", "kind", "role", "domains", "ports", "joins-until");
    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern DOMAIN = Pattern.compile("(?:\\*\\.)?" + LABEL + "(?:\\." + LABEL + ")*");
    private static final Pattern PORTS = Pattern.compile("([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?");
    /** Bytes of tag and length of a DER value of up to 127, and of up to 65535 bytes. */
    private static final int MIN_HEADER = 2;

    private static final int MAX_HEADER = 4;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_CERTIFICATE_BYTES)
                            .maxNestingDepth(4)
                            .maxStringLength(MAX_DOMAIN_CHARS + 1)
                            .maxNameLength(32)
                            .maxNumberLength(20)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What a certificate is. */
    enum Kind {
        /** A process in the cluster. */
        MEMBER("member"),
        /** A role certificate: its key signs members that have its grant. */
        TOKEN("token");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    /** What keeps a grant out of a certificate, as the end of a sentence; empty for nothing. */
    static Optional<String> broken(Claims claims) {
        if (claims.domains().size() > MAX_CLAIMS) {
            return Optional.of("has more than " + MAX_CLAIMS + " domains");
        }
        if (claims.ports().size() > MAX_CLAIMS) {
            return Optional.of("has more than " + MAX_CLAIMS + " ranges of ports");
        }
        for (String domain : claims.domains()) {
            if (domain.length() > MAX_DOMAIN_CHARS || !DOMAIN.matcher(domain).matches()) {
                return Optional.of("has a domain that is no lower-case host name or *.HOST");
            }
        }
        return Optional.empty();
    }

    /** Content of the extension, in DER. */
    byte[] encoded() {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("v", VERSION);
        json.put("kind", kind.label);
        grant.role().ifPresent(role -> {
            json.put("role", label(role));
            ArrayNode domains = json.putArray("domains");
            grant.claims().domains().forEach(domains::add);
            ArrayNode ports = json.putArray("ports");
            grant.claims().ports().forEach(range -> ports.add(range.toString()));
        });
        grant.joinsUntil().ifPresent(until -> json.put("joins-until", until.getEpochSecond()));
        try {
            String text = MAPPER.writeValueAsString(json);
            return DerWriter.bytesOf(writer -> writer.utf8(text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a grant cannot be written", e);
        }
    }

    /**
     * @return empty when the certificate has none
     * @throws TrustException when it has a broken one, or one of a later version
     */
    static Optional<GrantExtension> of(X509Certificate certificate) throws TrustException {
        byte[] value = certificate.getExtensionValue(OID);
        if (value == null) {
            return Optional.empty();
        }
        return Optional.of(read(content(content(value, DerWriter.OCTET_STRING), DerWriter.UTF8_STRING)));
    }

    private static GrantExtension read(byte[] text) throws TrustException {
        JsonNode json;
        try {
            json = MAPPER.readTree(text);
        } catch (IOException e) {
            throw malformed("is not JSON");
        }
        if (!json.isObject() || !json.path("v").isInt()) {
            throw malformed("has no version");
        }
        if (json.path("v").intValue() != VERSION) {
            throw malformed("is of version " + json.path("v").intValue() + ", ours is " + VERSION
                    + "; upgrade the older of the two members");
        }
        Set<String> fields = new TreeSet<>();
        json.fieldNames().forEachRemaining(fields::add);
        if (!FIELDS.containsAll(fields)) {
            throw malformed("has unknown fields");
        }
        Kind kind = kind(json.path("kind"));
        boolean limited = fields.contains("role");
        if (limited != fields.contains("domains") || limited != fields.contains("ports")) {
            throw malformed("has a role without claims, or claims without a role");
        }
        boolean ends = fields.contains("joins-until");
        if (kind == Kind.TOKEN ? !limited || !ends : ends) {
            throw malformed("has an end of time without being a token's, or the reverse");
        }
        Grant grant = limited
                ? new Grant(
                        Optional.of(role(json.path("role"))),
                        claims(json),
                        ends ? Optional.of(until(json.path("joins-until"))) : Optional.empty())
                : Grant.FULL;
        return new GrantExtension(kind, grant);
    }

    private static Kind kind(JsonNode json) throws TrustException {
        for (Kind kind : Kind.values()) {
            if (kind.label.equals(json.textValue())) {
                return kind;
            }
        }
        throw malformed("is of an unknown kind");
    }

    private static Role role(JsonNode json) throws TrustException {
        for (Role role : Role.values()) {
            if (label(role).equals(json.textValue())) {
                return role;
            }
        }
        throw malformed("has an unknown role");
    }

    private static String label(Role role) {
        return switch (role) {
            case LOAD_BALANCER -> "load-balancer";
            case BACKEND -> "backend";
        };
    }

    private static Claims claims(JsonNode json) throws TrustException {
        List<PortRange> ports = new ArrayList<>();
        for (String range : strings(json.path("ports"))) {
            ports.add(range(range));
        }
        Claims claims = new Claims(strings(json.path("domains")), ports);
        Optional<String> broken = broken(claims);
        if (broken.isPresent()) {
            throw malformed(broken.get());
        }
        return claims;
    }

    private static List<String> strings(JsonNode json) throws TrustException {
        List<String> strings = new ArrayList<>();
        for (JsonNode element : json) {
            if (!element.isTextual()) {
                throw malformed("has a claim that is no string");
            }
            strings.add(element.textValue());
        }
        if (!json.isArray()) {
            throw malformed("has claims that are no list");
        }
        return strings;
    }

    private static PortRange range(String text) throws TrustException {
        var matcher = PORTS.matcher(text);
        if (!matcher.matches()) {
            throw malformed("has a port that is none");
        }
        try {
            int first = Integer.parseInt(matcher.group(1));
            return new PortRange(first, matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2)));
        } catch (IllegalArgumentException e) {
            throw malformed("has ports out of range");
        }
    }

    private static Instant until(JsonNode json) throws TrustException {
        if (!json.isIntegralNumber()
                || !json.canConvertToLong()
                || json.longValue() < 0
                || json.longValue() > MAX_SECOND) {
            throw malformed("has an end of time that is none");
        }
        return Instant.ofEpochSecond(json.longValue());
    }

    /** Content of the one DER value that these bytes are: what gives them again when it is written. */
    private static byte[] content(byte[] der, int tag) throws TrustException {
        for (int header = MIN_HEADER; header <= Math.min(MAX_HEADER, der.length); header++) {
            byte[] content = Arrays.copyOfRange(der, header, der.length);
            if (Arrays.equals(DerWriter.bytesOf(writer -> writer.value(tag, content)), der)) {
                return content;
            }
        }
        throw malformed("is not in DER");
    }

    private static TrustException malformed(String what) {
        return new TrustException(TrustException.Reason.MALFORMED, "the grant in its certificate " + what);
    }
}
