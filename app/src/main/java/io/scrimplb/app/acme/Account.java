package io.scrimplb.app.acme;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.app.certificates.EcKeys;
import io.scrimplb.app.certificates.PrivateKeys;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;

/**
 * The cluster's account at the authority. The key is never shown.
 *
 * @param location its address at the authority
 * @param created when it was made
 */
record Account(URL location, KeyPair pair, Instant created) {
    /** Which of two accounts all use, after two sides of a partition made one each: the older one. */
    static final Comparator<Account> BETTER = Comparator.comparing(Account::created)
            .reversed()
            .thenComparing(Account::fingerprint, Arrays::compareUnsigned);

    private static final JsonMapper JSON = new JsonMapper();

    /** SHA-256 of its public key. */
    byte[] fingerprint() {
        return EcKeys.sha256(pair.getPublic().getEncoded());
    }

    /** As load balancers name it to each other. */
    String shortName() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(fingerprint(), IssuedCertificate.SHORT_BYTES));
    }

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("location", location.toString());
        json.put("created", created.toEpochMilli());
        json.put("public", Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
        json.put("private", Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
        return json.toString();
    }

    /** @throws GeneralSecurityException when it is none; the message shows nothing of the text */
    static Account read(String text) throws GeneralSecurityException {
        try {
            JsonNode json = JSON.readTree(text);
            KeyFactory factory = KeyFactory.getInstance("EC");
            KeyPair pair = new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(bytes(json, "public"))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(bytes(json, "private"))));
            if (!PrivateKeys.belongTogether(pair.getPrivate(), pair.getPublic())) {
                throw new GeneralSecurityException("the keys of the account do not belong together");
            }
            return new Account(
                    URI.create(json.path("location").asText()).toURL(),
                    pair,
                    Instant.ofEpochMilli(json.path("created").asLong()));
        } catch (JsonProcessingException | MalformedURLException | RuntimeException e) {
            throw new GeneralSecurityException("it is no account");
        }
    }

    private static byte[] bytes(JsonNode json, String field) {
        return Base64.getDecoder().decode(json.path(field).asText());
    }

    @Override
    public String toString() {
        return "Account[" + location + "]";
    }
}
