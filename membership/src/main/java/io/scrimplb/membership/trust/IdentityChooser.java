package io.scrimplb.membership.trust;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the other end the certificate that it can believe: members that have two secrets and members that have one of
 * them still understand each other. The client hints at its authorities in the server name (RFC 6066, 3), in a name that
 * is no host's; the server names its own in the certificate request. Immutable.
 */
final class IdentityChooser extends X509ExtendedKeyManager {
    private static final String KEY_TYPE = "EC";
    private static final String HINT_SUFFIX = ".scrimp";
    private static final String HINT_SEPARATOR = "-";

    private final PrivateKey key;
    /** The preferred one first; not empty. An alias is a number in this list. */
    private final List<Identity> identities;

    IdentityChooser(PrivateKey key, List<Identity> identities) {
        this.key = key;
        this.identities = List.copyOf(identities);
    }

    /** The server name that tells a server which authorities a client believes, the preferred one first. */
    static SNIServerName hintAt(List<Authority> believed) {
        return new SNIHostName(
                believed.stream().map(Authority::hint).collect(Collectors.joining(HINT_SEPARATOR)) + HINT_SUFFIX);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return Arrays.asList(keyTypes).contains(KEY_TYPE) ? forIssuers(issuers) : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        if (!KEY_TYPE.equals(keyType)) {
            return null;
        }
        if (engine != null && engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                String text = new String(name.getEncoded(), StandardCharsets.US_ASCII);
                if (text.endsWith(HINT_SUFFIX)) {
                    return forHints(text.substring(0, text.length() - HINT_SUFFIX.length()));
                }
            }
        }
        return "0";
    }

    private String forIssuers(Principal @Nullable [] issuers) {
        if (issuers != null) {
            for (int i = 0; i < identities.size(); i++) {
                if (Arrays.asList(issuers)
                        .contains(identities.get(i).authority().name())) {
                    return Integer.toString(i);
                }
            }
        }
        // Shown all the same, so that the server can say what is wrong with it.
        return "0";
    }

    private String forHints(String hints) {
        for (String hint : hints.split(HINT_SEPARATOR, -1)) {
            for (int i = 0; i < identities.size(); i++) {
                if (identities.get(i).authority().hint().equals(hint)) {
                    return Integer.toString(i);
                }
            }
        }
        return "0";
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        for (int i = 0; i < identities.size(); i++) {
            if (Integer.toString(i).equals(alias)) {
                return identities.get(i).chain().toArray(X509Certificate[]::new);
            }
        }
        return null;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
