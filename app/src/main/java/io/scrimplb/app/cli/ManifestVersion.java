package io.scrimplb.app.cli;

import picocli.CommandLine.IVersionProvider;

/** The version as the jar's manifest has it. */
final class ManifestVersion implements IVersionProvider {
    /** Outside a jar there is no manifest. */
    private static final String OUTSIDE_A_JAR = "development";

    @Override
    public String[] getVersion() {
        return new String[] {"scrimp " + current()};
    }

    static String current() {
        String version = ManifestVersion.class.getPackage().getImplementationVersion();
        return version == null ? OUTSIDE_A_JAR : version;
    }
}
