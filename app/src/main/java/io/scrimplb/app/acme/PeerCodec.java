package io.scrimplb.app.acme;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.app.acme.Preflight.Outcome;
import io.scrimplb.app.acme.Preflight.Reached;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Messages between load balancers as text, a JSON object each:
 *
 * <pre>{@code
 * {"v":1,"authority":"acme.example-0a1b2c3d","t":"hello","first":true,"key":"…","have":"…","addresses":["10.0.0.1"]}
 * {"v":1,"authority":"acme.example-0a1b2c3d","t":"issued","host":"a.example.com","sealed":"…"}
 * }</pre>
 *
 * A reader ignores fields and types that it does not know, and all of another version; a change that older readers would
 * misunderstand takes a new version. Stateless and thread-safe.
 */
final class PeerCodec {
    static final int VERSION = 1;
    /** Records of the ledger in one message: 2,500 characters each at most, beside 8,000 of times of orders, of 65,536. */
    static final int LEDGER_PART = 20;

    private static final int SHORT_CHARS = (IssuedCertificate.SHORT_BYTES * 4 + 2) / 3;
    /**
     * Names in a greeting: of all certificates, of those that lost, of lost accounts and of the account. 4,517 of 11 characters
     * are 49,687 of the 65,536 of a note; the addresses take 1,600, the key and the rest 300.
     */
    static final int MAX_HAVE = Vault.MAX_CERTIFICATES + Vault.MAX_LOSERS + ForAll.MAX_LOST_ACCOUNTS + 1;

    static final int MAX_ADDRESSES = 32;

    /** Of digits and dots, or with a colon: anything else, such as {@code abc.de}, would be looked for in DNS. */
    private static final Pattern LITERAL =
            Pattern.compile("[0-9.]{7,15}|(?=[^%]*:)[0-9a-fA-F:.]{2,45}(%[A-Za-z0-9._-]{1,16})?");

    private final JsonMapper mapper = new JsonMapper();
    private final String authority;

    /** @param authority name of the authority; members that use another one do not share */
    PeerCodec(String authority) {
        this.authority = authority;
    }

    String write(PeerMessage message) {
        ObjectNode json = mapper.createObjectNode();
        json.put("v", VERSION);
        json.put("authority", authority);
        if (message instanceof PeerMessage.Hello hello) {
            json.put("t", "hello").put("first", hello.first()).put("key", hello.key());
            json.put("have", String.join("", hello.have()));
            ArrayNode addresses = json.putArray("addresses");
            hello.addresses().stream().limit(MAX_ADDRESSES).forEach(at -> addresses.add(at.getHostAddress()));
        } else if (message instanceof PeerMessage.Rest rest) {
            json.put("t", "rest").put("more", rest.more());
        } else if (message instanceof PeerMessage.Issued issued) {
            json.put("t", "issued").put("host", issued.host()).put("sealed", issued.sealed());
        } else if (message instanceof PeerMessage.AccountIs account) {
            json.put("t", "account").put("sealed", account.sealed());
        } else if (message instanceof PeerMessage.LedgerPart ledger) {
            json.put("t", "ledger");
            json.set("ledger", LedgerJson.write(ledger.part()));
        } else if (message instanceof PeerMessage.Challenges challenges) {
            json.put("t", "challenges").put("revision", challenges.revision());
            ArrayNode list = json.putArray("challenges");
            challenges.challenges().forEach(challenge -> write(challenge, list.addObject()));
        } else if (message instanceof PeerMessage.InForce force) {
            json.put("t", "in-force").put("revision", force.revision());
        } else if (message instanceof PeerMessage.Probe probe) {
            json.put("t", "probe").put("id", probe.id()).put("port", probe.port());
            write(probe.challenge(), json.putObject("challenge"));
        } else if (message instanceof PeerMessage.Probed probed) {
            json.put("t", "probed").put("id", probed.id());
            json.put("outcome", probed.reached().outcome().name().toLowerCase(Locale.ROOT));
            json.put("detail", probed.reached().detail());
        }
        return json.toString();
    }

    private static void write(Challenge challenge, ObjectNode json) {
        if (challenge instanceof Challenge.Http http) {
            json.put("host", http.host()).put("token", http.token()).put("content", http.content());
        } else if (challenge instanceof Challenge.Alpn alpn) {
            json.put("host", alpn.host()).put("validation", alpn.validation());
        }
    }

    /** What came in. */
    record Read(Optional<PeerMessage> message, boolean otherAuthority) {
        static final Read NOTHING = new Read(Optional.empty(), false);
    }

    Read read(String text) {
        try {
            JsonNode json = mapper.readTree(text);
            if (json == null || json.path("v").asInt() != VERSION) {
                return Read.NOTHING;
            }
            if (!json.path("authority").asText().equals(authority)) {
                return new Read(Optional.empty(), true);
            }
            return new Read(message(json), false);
        } catch (JsonProcessingException | RuntimeException e) {
            // Another load balancer is trusted, and may still be of a version with a fault.
            return Read.NOTHING;
        }
    }

    private Optional<PeerMessage> message(JsonNode json) {
        long revision = json.path("revision").asLong();
        return Optional.ofNullable(
                switch (json.path("t").asText()) {
                    case "hello" ->
                        new PeerMessage.Hello(
                                json.path("first").asBoolean(),
                                json.path("key").asText(),
                                have(json.path("have").asText()),
                                addresses(json.path("addresses")));
                    case "rest" -> new PeerMessage.Rest(json.path("more").asBoolean());
                    case "issued" ->
                        new PeerMessage.Issued(
                                json.path("host").asText(), json.path("sealed").asText());
                    case "account" ->
                        new PeerMessage.AccountIs(json.path("sealed").asText());
                    case "ledger" -> new PeerMessage.LedgerPart(LedgerJson.read(json.path("ledger")));
                    case "challenges" -> new PeerMessage.Challenges(revision, challenges(json.path("challenges")));
                    case "in-force" -> new PeerMessage.InForce(revision);
                    case "probe" -> probe(json);
                    case "probed" ->
                        new PeerMessage.Probed(
                                json.path("id").asLong(),
                                new Reached(
                                        Outcome.valueOf(
                                                json.path("outcome").asText().toUpperCase(Locale.ROOT)),
                                        Failure.printable(json.path("detail").asText())));
                    default -> null;
                });
    }

    private static PeerMessage probe(JsonNode json) {
        JsonNode challenge = json.path("challenge");
        String host = challenge.path("host").asText();
        int port = json.path("port").asInt();
        // It is asked for over HTTP: nothing but a name with a port may become an address to ask.
        if (!IssuableName.isExactName(host) || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("no name to look at");
        }
        return new PeerMessage.Probe(
                json.path("id").asLong(),
                port,
                new Challenge.Http(
                        host,
                        challenge.path("token").asText(),
                        challenge.path("content").asText()));
    }

    private static List<Challenge> challenges(JsonNode list) {
        List<Challenge> challenges = new ArrayList<>();
        for (JsonNode json : list) {
            String host = json.path("host").asText();
            if (challenges.size() < PeerMessage.Challenges.MAX) {
                challenges.add(
                        json.has("validation")
                                ? new Challenge.Alpn(
                                        host, json.path("validation").asText())
                                : new Challenge.Http(
                                        host,
                                        json.path("token").asText(),
                                        json.path("content").asText()));
            }
        }
        return challenges;
    }

    private static Set<String> have(String joined) {
        Set<String> have = new LinkedHashSet<>();
        for (int at = 0; at + SHORT_CHARS <= joined.length() && have.size() < MAX_HAVE; at += SHORT_CHARS) {
            have.add(joined.substring(at, at + SHORT_CHARS));
        }
        return have;
    }

    static Set<InetAddress> addresses(JsonNode list) {
        Set<InetAddress> addresses = new HashSet<>();
        for (JsonNode text : list) {
            String address = text.asText();
            // Literals only, so that no name server is asked.
            if (addresses.size() < MAX_ADDRESSES && LITERAL.matcher(address).matches()) {
                try {
                    addresses.add(InetAddress.getByName(address));
                } catch (UnknownHostException e) {
                    // Then it has one address less.
                    continue;
                }
            }
        }
        return addresses;
    }
}
