package io.scrimplb.app.certificates;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** For which hosts a certificate is good. Stateless. */
public final class CertificateNames {
    private static final int TYPE_DNS = 2;
    private static final int TYPE_IP = 7;
    private static final String WILDCARD = "*.";

    private CertificateNames() {}

    /** The host names and addresses that a certificate is for (RFC 5280, 4.2.1.6), in lower case. */
    public static List<String> hosts(X509Certificate leaf) {
        List<String> hosts = new ArrayList<>();
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                int type = (Integer) name.get(0);
                if (type == TYPE_DNS || type == TYPE_IP) {
                    hosts.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException unreadable) {
            // Then it is for no name, as far as anybody can tell.
            return List.of();
        }
        return hosts;
    }

    /**
     * The wildcard that is good for a host: it stands for one label (RFC 6125, 6.4.3).
     *
     * @return empty for what is a wildcard itself, or has one label
     */
    public static String wildcard(String host) {
        int dot = host.indexOf('.');
        return dot > 0 && !host.startsWith(WILDCARD) ? "*" + host.substring(dot) : "";
    }

    /** Whether certificates for these names are good for a host, which may be a wildcard. */
    public static boolean covers(Set<String> names, String host) {
        return names.contains(host) || names.contains(wildcard(host));
    }
}
