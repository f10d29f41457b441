package io.scrimplb.membership.transport;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What is fuzzed, what it begins with, and who judges it. */
enum FuzzTarget {
    CONNECTION(ConnectionFuzz.class, ConnectionFuzz::check, FuzzSeeds::connections),
    CONTROL(ControlFuzz.class, ControlFuzz::check, FuzzSeeds::controls),
    MESSAGE(MessageFuzz.class, MessageFuzz::check, FuzzSeeds::messages),
    TOKEN(TokenFuzz.class, TokenFuzz::check, FuzzSeeds::tokens),
    CERTIFICATE(CertificateFuzz.class, CertificateFuzz::check, FuzzSeeds::certificates);

    interface Oracle {
        /** Throws when something happens that nothing from outside may cause. */
        void check(byte[] input);
    }

    private final Class<?> entry;
    private final Oracle oracle;
    private final Supplier<List<byte[]>> seeds;

    FuzzTarget(Class<?> entry, Oracle oracle, Supplier<List<byte[]>> seeds) {
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

    List<byte[]> seeds() {
        return seeds.get();
    }

    void check(byte[] input) {
        oracle.check(input);
    }
}
