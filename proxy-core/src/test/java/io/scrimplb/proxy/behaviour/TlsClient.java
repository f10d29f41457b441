package io.scrimplb.proxy.behaviour;

import io.scrimplb.proxy.partners.RawClient;
import io.scrimplb.proxy.partners.TestAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** How a client of a test connects by TLS; trusts the shared authority. */
record TlsClient(SSLContext context, UnaryOperator<SSLParameters> how) {
    static TlsClient asking(String host) {
        return new TlsClient(TestAuthority.SHARED.client(), parameters -> {
            parameters.setServerNames(host.isEmpty() ? List.of() : List.of(new SNIHostName(host)));
            return parameters;
        });
    }

    TlsClient offering(String... protocols) {
        return with(parameters -> parameters.setApplicationProtocols(protocols));
    }

    TlsClient versions(String... versions) {
        return with(parameters -> parameters.setProtocols(versions));
    }

    TlsClient suites(String... suites) {
        return with(parameters -> parameters.setCipherSuites(suites));
    }

    private TlsClient with(java.util.function.Consumer<SSLParameters> change) {
        return new TlsClient(context, parameters -> {
            SSLParameters changed = how.apply(parameters);
            change.accept(changed);
            return changed;
        });
    }

    RawClient connect(InetSocketAddress address) throws IOException {
        return RawClient.connect(address, context, how);
    }

    /** What the server showed first. */
    X509Certificate shown(InetSocketAddress address) throws IOException {
        try (RawClient client = connect(address)) {
            return leaf(client);
        }
    }

    static X509Certificate leaf(RawClient client) throws SSLPeerUnverifiedException {
        return (X509Certificate) client.session().getPeerCertificates()[0];
    }
}
