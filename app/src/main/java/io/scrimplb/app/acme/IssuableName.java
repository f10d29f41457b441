package io.scrimplb.app.acme;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names an authority can sign for at all. What it would refuse anyway is not asked for: each refusal costs one of the
 * few failures that an authority allows. Stateless.
 */
final class IssuableName {
    /** RFC 1035, 2.3.4. */
    private static final int MAX_CHARACTERS = 253;
    /** Room for the authority's own check at {@code _acme-challenge.} of a name (RFC 8555, 8.4). */
    private static final int CHALLENGE_LABEL_CHARACTERS = "_acme-challenge.".length();

    private static final String WILDCARD = "*.";

    /** RFC 5890, 2.3.1: letters, digits and hyphens, which are not at either end; two labels or more. */
    private static final Pattern HOST =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private static final Pattern ALL_DIGITS = Pattern.compile("[0-9]+");
    /** RFC 6761, 6762, 7686 and 3172: what stands for a machine itself, a link, nobody, or is no host at all. */
    private static final Set<String> NEVER = Set.of("localhost", "local", "invalid", "onion", "arpa");
    /** RFC 6761, ICANN's reservation of 'internal', and what people call their own networks: only an own authority signs those. */
    private static final Set<String> OWN =
            Set.of("test", "example", "internal", "lan", "home", "corp", "intranet", "private");

    private IssuableName() {}

    /**
     * Why no certificate is ordered for a host; empty when one may be.
     *
     * @param host lower case, {@code *.example.com} allowed
     * @param hook whether wildcards can be proved, which takes a record in DNS (RFC 8555, 8.4)
     * @param ownAuthority whether the authority is one of the operator's own rather than of the public
     */
    static Optional<String> refusal(String host, boolean hook, boolean ownAuthority) {
        boolean wildcard = host.startsWith(WILDCARD);
        String base = wildcard ? host.substring(WILDCARD.length()) : host;
        if (base.length() > MAX_CHARACTERS - CHALLENGE_LABEL_CHARACTERS
                || !HOST.matcher(base).matches()) {
            return Optional.of(
                    "is no host name that an authority signs (two labels or more of letters, digits and hyphens)");
        }
        String last = base.substring(base.lastIndexOf('.') + 1);
        if (ALL_DIGITS.matcher(last).matches()) {
            return Optional.of("is an address, and certificates are ordered for names only");
        }
        if (NEVER.contains(last) || (!ownAuthority && OWN.contains(last))) {
            return Optional.of("ends in ." + last + ", which no public authority signs");
        }
        if (wildcard && !hook) {
            return Optional.of("is a wildcard, which takes acme.dns-hook to prove");
        }
        return Optional.empty();
    }

    /** Whether it is a host name or a wildcard that some authority signs. */
    static boolean isName(String host) {
        return refusal(host, true, true).isEmpty();
    }

    /** Whether it is a host name that some authority signs, and no wildcard. */
    static boolean isExactName(String host) {
        return refusal(host, false, true).isEmpty();
    }
}
