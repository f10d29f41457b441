package io.scrimplb.app.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.scrimplb.app.config.Shape.ListShape;
import io.scrimplb.app.config.Shape.ObjectShape;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The keys of {@code provider-config} for each provider. */
final class ProviderSchema {
    static final Key<String> IP = Key.of("ip", NetworkTypes.HOST_OPTIONAL_PORT, "Address of a load balancer");
    static final Key<Integer> PORT = Key.of("port", NetworkTypes.PORT, "Its cluster port; absent means 9999");
    static final Key<List<String>> ADDRESSES = Key.of(
            "addresses",
            new ListShape<>("host:port", NetworkTypes.HOST_OPTIONAL_PORT),
            "Several load balancers, instead of ip and port");
    static final Key<Path> PATH = Key.of("path", ScalarTypes.FILE, "The seed object in a shared folder")
            .needed();
    static final Key<String> BUCKET =
            Key.of("bucket", ScalarTypes.TEXT, "The bucket").needed();
    static final Key<String> REGION = Key.of("region", ScalarTypes.TEXT, "Its region");
    static final Key<String> KEY = Key.of("key", ScalarTypes.TEXT, "The object; absent means scrimplb");
    static final Key<URI> ENDPOINT = Key.of("endpoint", ScalarTypes.URL, "Another S3-compatible store");
    static final Key<Boolean> PATH_STYLE =
            Key.of("path-style", ScalarTypes.BOOLEAN, "Whether the bucket stands in the path and not in the host name");
    static final Key<URI> URL =
            Key.of("url", ScalarTypes.URL, "Where the seed object is").needed();
    static final Key<String> TOKEN =
            Key.of("token", ScalarTypes.TEXT, "Sent as a bearer token").masked();
    static final Key<Boolean> WRITABLE =
            Key.of("writable", ScalarTypes.BOOLEAN, "Whether the load balancer may PUT to it");
    static final Key<String> NAME = Key.of("name", ScalarTypes.TEXT, "Name to look up: SRV, else A and AAAA")
            .needed();

    private static final Map<String, ObjectShape> BY_PROVIDER = byProvider();

    /** The provider's type in lower case. */
    static final ScalarType<String> PROVIDER_TYPE = new ScalarType<>(String.join(" | ", BY_PROVIDER.keySet()), text -> {
        String type = text.toLowerCase(Locale.ROOT);
        if (!BY_PROVIDER.containsKey(type)) {
            throw ScalarTypes.unknown("provider", text, BY_PROVIDER.keySet());
        }
        return type;
    });

    /** Every key of any provider: what the environment may name and the reference page lists. */
    static final ObjectShape ANY = anyProvider();

    private ProviderSchema() {}

    /** In the order in which a user should read about them. */
    static Map<String, ObjectShape> all() {
        return BY_PROVIDER;
    }

    /** The keys of a provider by its type in any case; empty when there is no such provider. */
    static Optional<ObjectShape> of(String type) {
        return Optional.ofNullable(BY_PROVIDER.get(type.toLowerCase(Locale.ROOT)));
    }

    /** What was written, as the provider's factory takes it. */
    static ObjectNode toJson(ObjectShape shape, Values values) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Key<?> key : shape.keys()) {
            if (values.has(key)) {
                values.find(key).ifPresent(value -> put(json, key.name(), value));
            }
        }
        return json;
    }

    private static void put(ObjectNode json, String name, Object value) {
        if (value instanceof Boolean flag) {
            json.put(name, flag);
        } else if (value instanceof Integer number) {
            json.put(name, number);
        } else if (value instanceof List<?> list) {
            ArrayNode array = json.putArray(name);
            list.forEach(element -> array.add(element.toString()));
        } else {
            json.put(name, value.toString());
        }
    }

    private static Map<String, ObjectShape> byProvider() {
        Map<String, ObjectShape> shapes = new LinkedHashMap<>();
        shapes.put("manual", ObjectShape.optional(IP, PORT, ADDRESSES));
        shapes.put("file", ObjectShape.optional(PATH));
        shapes.put("s3", ObjectShape.optional(BUCKET, REGION, KEY, ENDPOINT, PATH_STYLE));
        shapes.put("http", ObjectShape.optional(URL, TOKEN, WRITABLE));
        shapes.put("dns", ObjectShape.optional(NAME, PORT));
        shapes.put("dummy", ObjectShape.optional());
        return shapes;
    }

    private static ObjectShape anyProvider() {
        List<Key<?>> keys = new ArrayList<>();
        for (ObjectShape shape : BY_PROVIDER.values()) {
            for (Key<?> key : shape.keys()) {
                if (keys.stream().noneMatch(known -> known.name().equals(key.name()))) {
                    // Which ones are required depends on the provider.
                    keys.add(key.optional());
                }
            }
        }
        return new ObjectShape(false, keys);
    }
}
