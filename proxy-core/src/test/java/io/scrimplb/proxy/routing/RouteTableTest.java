package io.scrimplb.proxy.routing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RouteTableTest {
    private static final long SEED = 20261126;

    private static Map<String, Route> paths(String... prefixes) {
        Map<String, Route> paths = new HashMap<>();
        for (String prefix : prefixes) {
            paths.put(prefix, Tables.route(prefix));
        }
        return paths;
    }

    private static @Nullable String upstream(RouteTable table, String host, String path) {
        byte[] hostBytes = ("##" + host + "##").getBytes(US_ASCII);
        byte[] pathBytes = ("#" + path + "#").getBytes(US_ASCII);
        Route route = table.match(hostBytes, 2, host.length(), pathBytes, 1, path.length());
        return route == null ? null : route.upstream().name();
    }

    private static Map<String, Route> to(String upstream) {
        return Map.of("/", Tables.route(upstream));
    }

    @Test
    void theExactHostWinsThenTheLongerWildcardThenTheDefault() {
        RouteTable table = Tables.empty()
                .with(Map.of(
                        "a.example.com", to("exact"),
                        "*.example.com", to("wildcard"),
                        "*.b.example.com", to("longer"),
                        "*", to("default")));

        assertThat(upstream(table, "A.Example.COM", "/")).isEqualTo("exact");
        assertThat(upstream(table, "x.example.com", "/")).isEqualTo("wildcard");
        assertThat(upstream(table, "x.y.b.Example.com", "/")).isEqualTo("longer");
        assertThat(upstream(table, "b.example.com", "/")).isEqualTo("wildcard");
        assertThat(upstream(table, "example.com", "/")).isEqualTo("default");
        assertThat(upstream(table, "", "/")).isEqualTo("default");
    }

    @Test
    void aHostThatBeginsWithADotIsNoWildcard() {
        RouteTable table = Tables.empty().with(Map.of("*.example.com", to("wildcard")));

        assertThat(upstream(table, ".example.com", "/")).isNull();
        assertThat(upstream(table, ".", "/")).isNull();
        assertThat(upstream(table, "x.example.com", "/")).isEqualTo("wildcard");
    }

    @Test
    void aHostWhosePathsDoNotMatchFallsThroughToTheNextThatDoes() {
        RouteTable table = Tables.empty()
                .with(Map.of(
                        "a.b.test", Map.of("/exact", Tables.route("exact")),
                        "*.b.test", Map.of("/longer", Tables.route("longer")),
                        "*.test", Map.of("/shorter", Tables.route("shorter")),
                        "*", Map.of("/any", Tables.route("any"))));

        for (String name : List.of("exact", "longer", "shorter", "any")) {
            assertThat(upstream(table, "a.b.test", "/" + name)).isEqualTo(name);
        }
        assertThat(upstream(table, "a.b.test", "/none")).isNull();
    }

    @Test
    void aChangedTableLeavesTheOneBeforeAsItWas() {
        RouteTable before = Tables.empty().with(Map.of("a.test", to("a"), "b.test", to("b"), "*", to("any")));
        RouteTable after = before.with(Map.of("a.test", to("other"), "b.test", Map.of(), "*", Map.of()));

        assertThat(upstream(before, "a.test", "/")).isEqualTo("a");
        assertThat(upstream(before, "b.test", "/")).isEqualTo("b");
        assertThat(before.size()).isEqualTo(3);
        assertThat(upstream(after, "a.test", "/")).isEqualTo("other");
        assertThat(upstream(after, "b.test", "/")).isNull();
        assertThat(after.size()).isEqualTo(1);
    }

    @Test
    void aPrefixMatchesWholeSegmentsAndTheLongestWins() {
        for (PathIndex index : List.of(
                FewPaths.of(paths("/", "/api", "/api/v2/", "/a")),
                new ManyPaths(paths("/", "/api", "/api/v2/", "/a")))) {
            assertThat(found(index, "/")).isEqualTo("/");
            assertThat(found(index, "/apix")).isEqualTo("/");
            assertThat(found(index, "/api")).isEqualTo("/api");
            assertThat(found(index, "/api/v2")).isEqualTo("/api/v2/");
            assertThat(found(index, "/api/v2/x")).isEqualTo("/api/v2/");
            assertThat(found(index, "/api/v20")).isEqualTo("/api");
        }
    }

    @Test
    void manyPathsMatchAsFewDo() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            List<String> prefixes = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                String path = path(random);
                if (prefixes.stream().noneMatch(other -> PathIndex.bare(other).equals(PathIndex.bare(path)))) {
                    prefixes.add(path);
                }
            }
            Map<String, Route> routes = paths(prefixes.toArray(String[]::new));
            PathIndex few = FewPaths.of(routes);
            PathIndex many = new ManyPaths(routes);
            for (int i = 0; i < 100; i++) {
                String path = path(random);
                assertThat(found(many, path))
                        .as("seed %d, %s in %s", SEED, path, prefixes)
                        .isEqualTo(found(few, path));
            }
        }
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            path.append('/').append("ab".substring(random.nextInt(2))).append(random.nextBoolean() ? "" : "c");
        }
        return random.nextInt(4) == 0 ? path + "/" : random.nextInt(10) == 0 ? "/" : path.toString();
    }

    private static @Nullable String found(PathIndex index, String path) {
        byte[] bytes = ("#" + path + "#").getBytes(US_ASCII);
        Route route = index.match(bytes, 1, path.length());
        return route == null ? null : route.upstream().name();
    }
}
