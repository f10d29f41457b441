package io.scrimplb.proxy.spec;

import java.util.Locale;

/**
 * A TLS connection whose client names this host is relayed to an upstream as it comes, not decrypted.
 *
 * @param listener name of the {@link HttpListenerSpec} with TLS at which it holds
 * @param host exact name, {@code *.example.com} (one or more labels in place of the star) or {@code *}, which stands for
 *     clients that name no host too; held in lower case. An exact name wins over a wildcard, a longer wildcard over a shorter
 *     one. A host of the listener's routes counts alike, as another application may hold it: an exact route wins over a
 *     wildcard passthrough that covers it, and a passthrough over a certificate or a route for the very same name
 * @param upstream name of the {@link UpstreamSpec}
 */
public record PassthroughSpec(String listener, String host, String upstream) {
    public PassthroughSpec {
        host = host.toLowerCase(Locale.ROOT);
    }
}
