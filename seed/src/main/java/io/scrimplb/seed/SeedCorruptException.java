package io.scrimplb.seed;

/** The object is there, but it is not a seed object. Carries its version, so that a push can overwrite just this one. */
public final class SeedCorruptException extends SeedException {
    private static final long serialVersionUID = 1;
    private final transient SeedVersion version;

    public SeedCorruptException(String message, SeedVersion version) {
        super(message);
        this.version = version;
    }

    /** The version of the corrupt object. */
    public SeedVersion version() {
        return version;
    }

    /** The same, of an object that has this version. */
    public SeedCorruptException at(SeedVersion actual) {
        return new SeedCorruptException(String.valueOf(getMessage()), actual);
    }
}
