package io.scrimplb.proxy.spec;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate that TLS listeners show. It is chosen by the names that its first certificate holds; where several fit, an
 * exact name wins over a wildcard and an earlier certificate of the spec over a later one of the same kind of key. The first
 * certificate of a spec is shown to clients that name no host or an unknown one.
 *
 * @param name what problems and status call it, such as the path of its file
 * @param chain the server's certificate, then its intermediates; not empty
 * @param key the private key of the first; RSA or EC. Never shown
 */
public record CertificateSpec(String name, List<X509Certificate> chain, PrivateKey key) {
    public CertificateSpec {
        chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
        return "CertificateSpec[" + name + "]";
    }
}
