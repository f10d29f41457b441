package io.scrimplb.app.runtime;

/** The version of the program. */
public final class Version {
    private Version() {}

    /** As the jar's manifest says; {@code development} outside a jar. */
    public static String current() {
        String fromManifest = Version.class.getPackage().getImplementationVersion();
        return fromManifest == null ? "development" : fromManifest;
    }
}
