package io.scrimplb.membership.trust;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * One of the certificates that a process proves itself with; all are for the same key.
 *
 * @param authority who believes it
 * @param grant what it lets this process do
 * @param chain this process's certificate, then maybe the role certificate that stands behind it
 */
record Identity(Authority authority, Grant grant, List<X509Certificate> chain) {
    Identity {
        chain = List.copyOf(chain);
    }
}
