package io.scrimplb.proxy.h1;

import static io.scrimplb.proxy.h1.Seed.accepted;
import static io.scrimplb.proxy.h1.Seed.refused;

import java.util.List;

/** Paths that name a place in more than one way. */
final class PathSeeds {
    private PathSeeds() {}

    static List<Seed> all() {
        return List.of(
                accepted("plain", "/a/b.c"),
                accepted("the root", "/"),
                accepted("dots inside a segment", "/a..b/...c/..d/e..f"),
                accepted("one dot", "/a/./b/."),
                accepted("two dots", "/a/b/../c/.."),
                accepted("two dots, encoded", "/a/%2e%2E/b"),
                accepted("one of two dots, encoded", "/a/.%2e/b"),
                accepted("a slash, encoded", "/a%2f..%2fb"),
                accepted("a percent sign, encoded", "/a/%252e%252e/b"),
                accepted("many slashes", "//a///b//"),
                accepted("a backslash", "/a\\..\\b"),
                accepted("a byte over 127", "/%c0%ae%c0%ae/"),
                accepted("a parameter behind dots", "/a/..;/b"),
                refused("beyond the root", "/a/../../b"),
                refused("beyond the root, encoded", "/%2e%2e/b"),
                refused("beyond the root behind slashes", "//..//"),
                refused("a NUL", "/a%00"),
                refused("broken encoding", "/a%zz"),
                refused("encoding cut off", "/a%2"),
                refused("a lone percent sign", "/%"));
    }
}
