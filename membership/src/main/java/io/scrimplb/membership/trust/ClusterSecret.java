package io.scrimplb.membership.trust;

/** What all members of a cluster share. Its text never shows in {@link #toString()}. */
public final class ClusterSecret {
    private final String text;

    private ClusterSecret(String text) {
        this.text = text;
    }

    /** A new one of 130 random bits, with a prefix that names it and a checksum against typing errors. */
    public static ClusterSecret generate() {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes a generated secret, or one of a person's own of 20 characters or more.
     *
     * @param allowWeak whether shorter ones are taken too
     * @throws SecretException when it is weak, empty, or a generated one with a typing error
     */
    public static ClusterSecret parse(String text, boolean allowWeak) throws SecretException {
        return new ClusterSecret(text);
    }

    /** The secret itself, to be shown to whoever asked for a new one. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "ClusterSecret[masked]";
    }
}
