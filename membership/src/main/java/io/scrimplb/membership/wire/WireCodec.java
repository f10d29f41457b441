package io.scrimplb.membership.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.membership.Announcement;
import io.scrimplb.membership.Application;
import io.scrimplb.membership.Claims;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Messages to bytes and back. Stateless and thread-safe; decoding never throws. */
public final class WireCodec {
    /** Version that is written and understood. */
    public static final int VERSION = 1;

    private static final String CLAIMS = "claims";
    private static final Pattern MEMBER_ID = Pattern.compile("[0-9a-f-]{36}");

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(WireLimits.MESSAGE_BYTES)
                            .maxNestingDepth(WireLimits.DEPTH)
                            .maxStringLength(WireLimits.STRING_CHARS)
                            .maxNameLength(WireLimits.FIELD_NAME_CHARS)
                            .maxNumberLength(WireLimits.NUMBER_CHARS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The bytes of a message; {@link WireLimits#MESSAGE_BYTES} is the caller's business, see {@link #fitting}. */
    public byte[] encode(WireMessage message) {
        ObjectNode json = mapper.createObjectNode();
        json.put("v", VERSION);
        if (message instanceof WireMessage.Query query) {
            json.put("type", "query");
            json.put("known", query.known());
        } else if (message instanceof WireMessage.Unchanged unchanged) {
            json.put("type", "unchanged");
            json.put("revision", unchanged.revision());
        } else if (message instanceof WireMessage.Offer offer) {
            json.put("type", "announcement");
            write(offer.announcement(), json);
        } else if (message instanceof WireMessage.Knowledge knowledge) {
            json.put("type", "knowledge");
            json.put("member", knowledge.memberId());
            write(knowledge.announcement(), json);
            if (!knowledge.claims().unlimited()) {
                ClaimsJson.write(knowledge.claims(), json.putObject(CLAIMS));
            }
        } else if (message instanceof WireMessage.Note note) {
            json.put("type", "note");
            json.put("topic", note.topic());
            pieces(note.content(), json.putArray("content"));
        }
        try {
            return mapper.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message of our own cannot be written: " + e.getOriginalMessage(), e);
        }
    }

    /** How many of the applications, from the first, fit into one message together with the rest of it. */
    public int fitting(Announcement announcement) {
        int room = WireLimits.MESSAGE_BYTES - WireLimits.ENVELOPE_BYTES;
        int count = 0;
        for (Application application : announcement.applications()) {
            ObjectNode json = mapper.createObjectNode();
            ApplicationJson.write(application, json);
            try {
                room -= mapper.writeValueAsBytes(json).length + 1;
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an application cannot be written: " + e.getOriginalMessage(), e);
            }
            if (room < 0 || count == WireLimits.APPLICATIONS) {
                return count;
            }
            count++;
        }
        return count;
    }

    /** What bytes from another member mean. */
    public Decoded decode(byte[] bytes, int offset, int length) {
        if (length > WireLimits.MESSAGE_BYTES) {
            return new Decoded.Malformed("it has " + length + " bytes, more than " + WireLimits.MESSAGE_BYTES);
        }
        JsonNode json;
        try {
            json = mapper.readTree(bytes, offset, length);
        } catch (JsonProcessingException e) {
            return new Decoded.Malformed(ApplicationRules.printable("it is not JSON: " + e.getOriginalMessage()));
        } catch (IOException e) {
            return new Decoded.Malformed("it is not JSON");
        }
        if (json == null || !json.isObject()) {
            return new Decoded.Malformed("it is not a JSON object");
        }
        JsonNode version = json.get("v");
        JsonNode type = json.get("type");
        if (version == null || !version.isIntegralNumber() || type == null || !type.isTextual()) {
            return new Decoded.Malformed("it has no version or no type");
        }
        if (!version.canConvertToInt() || version.intValue() != VERSION) {
            return new Decoded.Unknown("version " + ApplicationRules.printable(version.asText()));
        }
        return switch (type.textValue()) {
            case "query" -> number(json, "known", WireMessage.NOTHING_KNOWN, Kind.QUERY);
            case "unchanged" -> number(json, "revision", 0, Kind.UNCHANGED);
            case "announcement" -> announcement(json, Kind.OFFER);
            case "knowledge" -> announcement(json, Kind.KNOWLEDGE);
            case "note" -> note(json);
            default -> new Decoded.Unknown("type " + ApplicationRules.printable(type.textValue()));
        };
    }

    private enum Kind {
        QUERY,
        UNCHANGED,
        OFFER,
        KNOWLEDGE
    }

    private static Decoded number(JsonNode json, String field, long least, Kind kind) {
        JsonNode value = json.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
            return new Decoded.Malformed(field + " is not a revision");
        }
        long number = value.longValue();
        return understood(kind == Kind.QUERY ? new WireMessage.Query(number) : new WireMessage.Unchanged(number));
    }

    private static Decoded note(JsonNode json) {
        JsonNode topic = json.get("topic");
        JsonNode content = json.get("content");
        if (topic == null
                || !topic.isTextual()
                || !WireLimits.TOPIC.matcher(topic.textValue()).matches()) {
            return new Decoded.Malformed("topic is not a topic");
        }
        if (content == null || !content.isArray()) {
            return new Decoded.Malformed("content is not a list of pieces of text");
        }
        StringBuilder whole = new StringBuilder();
        for (JsonNode piece : content) {
            if (!piece.isTextual() || whole.length() + piece.textValue().length() > WireLimits.NOTE_CHARS) {
                return new Decoded.Malformed("content is not text of at most " + WireLimits.NOTE_CHARS + " characters");
            }
            whole.append(piece.textValue());
        }
        return understood(new WireMessage.Note(topic.textValue(), whole.toString()));
    }

    /** Members before this version refuse a message for a longer string before they see that it is of no type they know. */
    private static void pieces(String content, ArrayNode to) {
        for (int from = 0; from < content.length(); ) {
            int end = Math.min(content.length(), from + WireLimits.STRING_CHARS);
            if (end < content.length() && Character.isHighSurrogate(content.charAt(end - 1))) {
                end--;
            }
            to.add(content.substring(from, end));
            from = end;
        }
    }

    private static Decoded understood(WireMessage message) {
        return new Decoded.Understood(message, 0, List.of());
    }

    private static Decoded announcement(JsonNode json, Kind kind) {
        JsonNode revision = json.get("revision");
        if (revision == null
                || !revision.isIntegralNumber()
                || !revision.canConvertToLong()
                || revision.longValue() < 0) {
            return new Decoded.Malformed("revision is not a revision");
        }
        JsonNode address = json.get("advertise-address");
        if (address != null
                && !address.isNull()
                && !(address.isTextual() && ApplicationRules.isAddress(address.textValue()))) {
            return new Decoded.Malformed("advertise-address is not an address");
        }
        JsonNode member = json.get("member");
        if (kind == Kind.KNOWLEDGE
                && (member == null
                        || !member.isTextual()
                        || !MEMBER_ID.matcher(member.textValue()).matches())) {
            return new Decoded.Malformed("member is not the id of a member");
        }
        Claims claims = Claims.UNLIMITED;
        if (kind == Kind.KNOWLEDGE) {
            // Misread limits would be none: the whole message is refused rather than believed without them.
            Optional<Claims> read = ClaimsJson.read(json.get(CLAIMS));
            if (read.isEmpty()) {
                return new Decoded.Malformed("claims are not lists of domains and ports");
            }
            claims = read.get();
        }
        JsonNode list = json.get("applications");
        if (list == null || !list.isArray()) {
            return new Decoded.Malformed("applications is not a list");
        }
        if (list.size() > WireLimits.APPLICATIONS) {
            return new Decoded.Malformed(
                    "it has " + list.size() + " applications, more than " + WireLimits.APPLICATIONS);
        }
        List<Application> good = new ArrayList<>(list.size());
        List<String> problems = new ArrayList<>();
        int refused = read(list, good, problems);
        Announcement announcement = new Announcement(
                revision.longValue(), address == null || address.isNull() ? null : address.textValue(), good);
        WireMessage message = kind == Kind.KNOWLEDGE && member != null
                ? new WireMessage.Knowledge(member.textValue(), announcement, claims)
                : new WireMessage.Offer(announcement);
        return new Decoded.Understood(message, refused, problems);
    }

    private static int read(JsonNode list, List<Application> good, List<String> problems) {
        Set<String> names = new HashSet<>();
        int refused = 0;
        for (int i = 0; i < list.size(); i++) {
            JsonNode json = list.get(i);
            String problem;
            try {
                Application application = ApplicationJson.read(json);
                if (names.add(application.name())) {
                    good.add(application);
                    continue;
                }
                problem = "its name stands there twice";
            } catch (ApplicationJson.Refused e) {
                problem = String.valueOf(e.getMessage());
            }
            refused++;
            if (problems.size() < WireLimits.PROBLEMS) {
                problems.add(ApplicationJson.label(json, i) + ": " + problem);
            }
        }
        return refused;
    }

    private static void write(Announcement announcement, ObjectNode json) {
        json.put("revision", announcement.revision());
        if (announcement.advertiseAddress() != null) {
            json.put("advertise-address", announcement.advertiseAddress());
        }
        ArrayNode applications = json.putArray("applications");
        for (Application application : announcement.applications()) {
            ApplicationJson.write(application, applications.addObject());
        }
    }
}
