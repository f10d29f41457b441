package io.scrimplb.proxy.spec;

import java.util.Locale;

/**
 * A TLS connection whose client names this host is relayed to an upstream as it comes, not decrypted.
 *
 * @param listener name of the {@link HttpListenerSpec} with TLS at which it holds
 * @param host exact name, {@code *.example.com} (one or more labels in place of the star) or {@code *}, which stands for
 *     clients that name no host too; held in lower case. An exact name wins over a wildcard and a longer wildcard over a shorter
 *     one, among the passthroughs and the hosts of the listener's routes together; a passthrough wins over a route for the same
 *     host, whatever certificates there are. A client that encrypts its ClientHello (ECH) is known by the outer name only
 * @param upstream name of the {@link UpstreamSpec}
 */
public record PassthroughSpec(String listener, String host, String upstream) {
    public PassthroughSpec {
        host = host.toLowerCase(Locale.ROOT);
    }
}
