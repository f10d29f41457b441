package io.scrimplb.proxy.h1;

import io.scrimplb.proxy.h1.H1UnderTest.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What is fuzzed, what it begins with, and who judges it. */
enum FuzzTarget {
    REQUEST(RequestFuzz.class, new RequestOracle()::check, RequestSeeds.all()),
    RESPONSE(ResponseFuzz.class, new ResponseOracle()::check, ResponseSeeds.all()),
    CHUNKED(ChunkedFuzz.class, new ChunkedOracle()::check, ChunkedSeeds.all()),
    TRAILER(TrailerFuzz.class, TrailerFuzz::check, TrailerSeeds.all()),
    PATH(PathFuzz.class, new PathOracle()::check, PathSeeds.all());

    private final Class<?> entry;
    private final Function<byte[], Verdict> oracle;
    private final List<Seed> seeds;

    FuzzTarget(Class<?> entry, Function<byte[], Verdict> oracle, List<Seed> seeds) {
        this.entry = entry;
        this.oracle = oracle;
        this.seeds = seeds;
    }

    /** The class whose method the fuzzer calls. */
    Class<?> entry() {
        return entry;
    }

    /** As it is named on a command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<Seed> seeds() {
        return seeds;
    }

    /** Throws when the readers disagree. */
    Verdict check(byte[] input) {
        return oracle.apply(input);
    }
}
