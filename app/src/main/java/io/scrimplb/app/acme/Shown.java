package io.scrimplb.app.acme;

import java.util.Set;

/** Which of the certificates that are kept are shown to clients. Stateless. */
final class Shown {
    private Shown() {}

    /**
     * One that another is as good for is shown only while it is wanted and valid: what was ordered long ago must not stand
     * before a file that came since, nor an expired one before any that is not.
     *
     * @param files names of the certificates in files that are valid now
     * @param having names for which a certificate that was ordered is valid now
     */
    static boolean shows(String host, boolean wanted, Set<String> files, Set<String> having) {
        String wildcard = IssuableName.wildcard(host);
        boolean another = files.contains(host) || files.contains(wildcard) || having.contains(wildcard);
        return !another || (wanted && having.contains(host));
    }
}
