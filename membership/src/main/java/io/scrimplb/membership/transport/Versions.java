package io.scrimplb.membership.transport;

import org.jgroups.Version;

/**
 * What a program speaks between members. Two of them get on when the ranges overlap and JGroups' first two numbers
 * agree; they speak the highest version that both know.
 *
 * @param least lowest version of the cluster's protocol
 * @param greatest highest one
 * @param stream JGroups' version, whose messages can be read across patches
 */
public record Versions(int least, int greatest, String stream) {
    /** Of this program. */
    public static final Versions OWN = new Versions(1, 1, Version.printVersion());

    /** Whether the two can share a cluster. */
    boolean agreeWith(Versions other) {
        return least <= other.greatest
                && other.least <= greatest
                && majorMinor(stream).equals(majorMinor(other.stream));
    }

    /** The version that two who agree speak. */
    int common(Versions other) {
        return Math.min(greatest, other.greatest);
    }

    private static String majorMinor(String version) {
        String[] parts = version.split("\\.", -1);
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }

    /** For people. */
    @Override
    public String toString() {
        return (least == greatest ? "version " + least : "versions " + least + " to " + greatest) + " over JGroups "
                + stream;
    }
}
